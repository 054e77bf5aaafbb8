/** The commands that record exchanges and make use of recordings; a part of the catalogue. */
import { againsts } from '../recording/replay-choice.ts'
import type { Command, Option } from './command.ts'
import { ofRoute } from './evidence-commands.ts'

const admin: Option = {
  flags: '--admin <url>',
  about: 'where the running proxy answers; else the config says',
}

const form: Option = {
  flags: '--form <form>',
  about: "scenario: as contract-tests/scenarios has them; mocha: a test for anybody's project",
  default: 'scenario',
  offers: ['scenario', 'mocha'],
}

const routes: Option = {
  flags: '--route <id>',
  about: 'this route alone; may be repeated',
  repeats: true,
}

export const recordingCommands: readonly Command[] = [
  {
    name: 'record',
    summary: 'Record what clients ask and get at a running proxy, redacted, to NDJSON',
    args: [],
    options: [
      routes,
      { flags: '--for <duration>', about: 'how long: 30s, 10m; at most 24h', default: '10m' },
      { flags: '--limit <count>', about: 'so many exchanges at most', default: '10000' },
      { flags: '--size <size>', about: 'so much at most: 64MiB; at most 4GiB', default: '256MiB' },
      { flags: '--out <file>', about: 'a file that is not there yet; else standard output' },
      admin,
    ],
    examples: [
      {
        line: 'banyan record --for 10m --out monday.ndjson',
        says: 'Ctrl-C ends it, and the file is whole',
      },
      { line: 'banyan record --route articles.list --limit 100', says: 'one route, to a pipe' },
    ],
  },
  {
    name: 'replay',
    summary: 'Send recorded requests again and compare the answers by the rules',
    args: [{ name: 'file', about: 'a recording', required: true, offers: 'files' }],
    options: [
      {
        flags: '--against <target>',
        about:
          'modern: with the recorded legacy answer; legacy: with the recorded answer; both: modern with legacy as it is now; recorded: asks nobody, compares the two recorded answers again',
        default: 'modern',
        offers: againsts,
      },
      { flags: '--speed <factor>', about: '1x as recorded, 10x, or max', default: 'max' },
      { flags: '--concurrency <count>', about: 'requests at once', default: '4' },
      { flags: '--rules <file>', about: 'YAML, in place of the rules of the config' },
      routes,
      { flags: '--only-reads', about: 'leave out the routes that write' },
      {
        flags: '--with-writes',
        about: 'execute writes on modern: for a database that is nobody else’s',
      },
      {
        flags: '--token-from <name>',
        about: 'the environment variable with the token that stands for redacted ones',
      },
      {
        flags: '-H, --header <line>',
        about: "'name: value' in place of the recorded one; may be repeated",
        repeats: true,
      },
      { flags: '--scenario <id>', about: 'replay this exchange alone and print it as a test' },
      form,
      { flags: '--top <count>', about: 'so many places of each route at most', default: '10' },
    ],
    examples: [
      { line: 'banyan replay monday.ndjson', says: 'exits 1 on a mismatch' },
      {
        line: 'banyan replay monday.ndjson --against both --only-reads --token-from TOKEN',
        says: 'legacy and modern as they are now, confirmed by asking twice',
      },
      {
        line: 'banyan replay monday.ndjson --against recorded --rules next.yaml',
        says: 'what other rules would have made of it',
      },
    ],
  },
  {
    name: 'scenario',
    summary: 'Print one exchange as a test that holds modern to what legacy answered',
    args: [
      {
        name: 'id',
        about: 'of an exemplar, or of a recorded exchange',
        required: true,
        offers: [],
      },
    ],
    options: [
      { flags: '--from <file>', about: 'a recording; else the running proxy is asked' },
      form,
      ofRoute,
      admin,
    ],
    examples: [
      { line: 'banyan scenario 01J8ZC4T2W > test.ts', says: 'of an exemplar that diffs names' },
      {
        line: 'banyan scenario 01J8ZC4T2W --from monday.ndjson --form mocha',
        says: 'of a recording',
      },
    ],
  },
]

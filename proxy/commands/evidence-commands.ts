/** The commands that show what comparisons found; a part of the catalogue. */
import { bodyForms } from './body-forms.ts'
import type { Command, Option } from './command.ts'

const admin: Option = {
  flags: '--admin <url>',
  about: 'where the running proxy answers; else the config says',
}

const route = { name: 'route', about: 'id of a route', required: true, offers: 'routes' } as const

/** Of an exemplar, besides its id. */
export const ofRoute: Option = {
  flags: '--route <id>',
  about: 'of this route, where clients named requests of several alike; else the newest',
}

const exemplar = {
  name: 'id',
  about: 'id of an exemplar, as diffs and /v1/routes/ID/exemplars name it',
  required: true,
  offers: [],
} as const

const file = (name: string, about: string) =>
  ({ name, about, required: true, offers: 'files' }) as const

export const evidenceCommands: readonly Command[] = [
  {
    name: 'diffs',
    summary: 'Show where legacy and modern differ on a route: places, counts, examples, rules',
    args: [route],
    options: [
      { flags: '--top <count>', about: 'so many places at most', default: '20' },
      { flags: '--exchanges', about: 'list the last exchanges instead, for show and curl' },
      admin,
    ],
    examples: [
      { line: 'banyan diffs articles.list', says: 'and what the gates say of it' },
      { line: 'banyan diffs articles.list --top 5', says: 'the gravest five' },
    ],
  },
  {
    name: 'show',
    summary: 'Show one compared exchange: request, both answers side by side, every difference',
    args: [exemplar],
    options: [{ flags: '--whole', about: 'lines that are alike, too' }, ofRoute, admin],
    examples: [{ line: 'banyan show 01J8ZC4T2W', says: 'redacted, as it is stored' }],
  },
  {
    name: 'compare',
    summary: 'Compare two answers in files, by the rules; needs no running proxy',
    args: [
      file('a', "legacy's: a body, a whole HTTP message, or an exchange as show --json prints it"),
      file('b', "modern's"),
    ],
    options: [
      {
        flags: '--rules <file>',
        about: 'YAML: a list of rules and rulesets, or what suggest-rules prints',
      },
      {
        flags: '--as <form>',
        about: `what the bodies are: ${bodyForms.join(', ')}; else their heads or names say`,
        offers: bodyForms,
      },
    ],
    examples: [
      { line: 'banyan compare legacy.json modern.json', says: 'exits 1 on a mismatch' },
      {
        line: 'banyan compare one.json one.json --rules rules.yaml',
        says: 'what these rules make of a stored exchange',
      },
    ],
  },
  {
    name: 'suggest-rules',
    summary: 'Print rules for what legacy shows against itself, as YAML to be judged',
    args: [route],
    options: [admin],
    examples: [
      { line: 'banyan suggest-rules articles.list > rules.yaml', says: 'nothing is ever applied' },
    ],
  },
  {
    name: 'curl',
    summary: 'Print a curl command that sends the request of an exemplar again',
    args: [exemplar],
    options: [
      {
        flags: '-t, --target <target>',
        about: 'force who answers: legacy or modern',
        offers: ['legacy', 'modern'],
      },
      { flags: '--to <url>', about: 'where to send it; else the proxy of the config' },
      ofRoute,
      admin,
    ],
    examples: [
      {
        line: 'banyan curl 01J8ZC4T2W --target modern',
        says: 'secrets are placeholders to fill in',
      },
    ],
  },
]

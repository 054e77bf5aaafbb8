/**
 * `npm run bench`: what a request costs Banyan, beside other proxies, all in one run. Absolute
 * figures belong to the machine; the ratios are what to quote. docs/reference/bench.md has more.
 *
 *   npm run bench -- --case small --rounds 21 --json
 *   npm run bench -- --against path/to/another/dist
 *   npm run bench -- --case huge
 *   npm run bench -- profile
 *   npm run bench -- shadow
 *   npm run bench -- diff
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Case, type CaseName, caseNames, cases } from './cases.ts'
import {
  type Contender,
  installPeers,
  nodePeers,
  peers,
  startBanyan,
  startOrigin,
  startPeer,
  startServers,
} from './contender.ts'
import { cpuMicros, residentBytes } from './cost.ts'
import { differ, differTable } from './differ.ts'
import { huge, hugeTable } from './huge.ts'
import { isolation } from './isolation.ts'
import { isolationTable } from './isolation-report.ts'
import { load, openIdle } from './load.ts'
import { profile } from './profile.ts'
import { type Figures, type Row, summary, table } from './report.ts'
import { deeds } from './unruly.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    case: { type: 'string', multiple: true, default: [...caseNames] },
    rounds: { type: 'string' },
    connections: { type: 'string', default: '32' },
    /** The folder of another build. */
    against: { type: 'string' },
    /** Of Node, for the other Banyan. */
    flag: { type: 'string', multiple: true, default: [] },
    /** Which of the others take part; none: only Banyan does. */
    peers: { type: 'string', default: 'all' },
    /** Of `huge`. */
    gib: { type: 'string', default: '4' },
    /** Of `shadow`. */
    deed: { type: 'string', default: deeds.join(',') },
    stage: { type: 'string', default: 'shadow,canary' },
    requests: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '300' },
    /** Seconds. */
    settle: { type: 'string', default: '30' },
  },
})
const connections = Number(values.connections)
const say = (line: string): void => void process.stderr.write(`${line}\n`)
const takesPart = (name: string): boolean =>
  values.peers === 'all' || values.peers.split(',').includes(name)
const isCase = (name: string): name is CaseName => (caseNames as readonly string[]).includes(name)

const measure = async ({ pid, port }: Contender, asked: Case): Promise<Figures> => {
  const closeIdle = await openIdle(port, asked.idle)
  const before = cpuMicros(pid)
  const result = await load({ port, request: asked.request, requests: asked.requests, connections })
  const micros = cpuMicros(pid) - before
  const rssMiB = residentBytes(pid) / 2 ** 20
  closeIdle()
  return {
    cpuMicros: micros / asked.requests,
    perSecond: result.requests / result.seconds,
    p50: result.p50,
    p99: result.p99,
    rssMiB,
    errors: result.errors,
  }
}

/** Enough for V8 to know the way of a request. */
const warmUp = async (contender: Contender, asked: Case): Promise<void> => {
  await measure(contender, { ...asked, requests: asked.requests * 5, idle: 0 })
}

const compare = async (contenders: readonly Contender[], asked: Case): Promise<Row[]> => {
  for (const contender of contenders) await warmUp(contender, asked)
  const rounds = new Map<Contender, Figures[]>(contenders.map((each) => [each, []]))
  const most = Number(values.rounds ?? 15)
  for (let round = 1; round <= most; round++) {
    // The order turns with the rounds, so that a drift of the machine meets each alike.
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length]
      if (contender !== undefined) rounds.get(contender)?.push(await measure(contender, asked))
    }
    say(`${asked.title}: round ${round} of ${most}`)
  }
  const [base = []] = rounds.values()
  return [...rounds].map(([{ name }, figures]) => summary(name, figures, base))
}

const startAll = async (directory: string, origin: number, asked: Case): Promise<Contender[]> => {
  const { routes } = asked
  const banyan = { directory: join(directory, 'banyan'), origin, routes }
  const { against: build, flag: flags } = values
  const all = [await startBanyan('banyan', banyan)]
  if (build !== undefined || flags.length > 0) {
    const other = { ...banyan, directory: join(directory, 'other'), build, flags }
    all.push(await startBanyan('the other', other))
  }
  for (const name of nodePeers.filter(takesPart)) all.push(await startPeer(name, origin))
  return [...all, ...(await startServers(directory, origin, takesPart))]
}

const withOrigin = async <T>(
  run: (directory: string, origin: number, originPid: number) => Promise<T>,
): Promise<T> => {
  const directory = mkdtempSync(join(tmpdir(), 'banyan-bench-'))
  const origin = await startOrigin()
  try {
    return await run(directory, origin.port, origin.pid)
  } finally {
    origin.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Runs with everybody whom a case compares. */
const withAll = <T>(asked: Case, run: (all: readonly Contender[]) => Promise<T>): Promise<T> =>
  withOrigin(async (directory, origin) => {
    const all = await startAll(directory, origin, asked)
    try {
      return await run(all)
    } finally {
      for (const each of all) each.close()
    }
  })

/** What a run has found: for machines, and for people. */
interface Found {
  readonly found: unknown
  readonly text: string
}

const runCase = async (name: string): Promise<Found> => {
  if (name === 'huge') {
    const bytes = Number(values.gib) * 2 ** 30
    const rows = await withAll(cases.small, (all) => huge(all, bytes))
    return { found: { case: name, rows }, text: hugeTable(bytes, rows) }
  }
  const asked = cases[name as CaseName]
  const rows = await withAll(asked, (all) => compare(all, asked))
  return { found: { case: name, rows }, text: table(asked.title, rows) }
}

const runProfile = async (name: string): Promise<Found> => {
  const asked = cases[isCase(name) ? name : 'small']
  const text = await withOrigin((directory, origin) =>
    profile(asked, { directory, origin, connections, flags: values.flag }),
  )
  return { found: { case: name, text }, text }
}

const runShadow = async (): Promise<Found> => {
  const rows = await withOrigin((directory, origin, originPid) =>
    isolation({
      directory,
      origin,
      originPid,
      build: values.against,
      deeds: deeds.filter((deed) => values.deed.split(',').includes(deed)),
      stages: (['shadow', 'canary'] as const).filter((at) => values.stage.split(',').includes(at)),
      rounds: Number(values.rounds ?? 10),
      requests: Number(values.requests),
      perSecond: Number(values.rate),
      settleMs: 1_000 * Number(values.settle),
      say,
    }),
  )
  return { found: { case: 'shadow', rows }, text: isolationTable(rows) }
}

const runDiff = async (): Promise<Found> => {
  const rows = await differ(takesPart('jsondiffpatch') ? peers : null, Number(values.rounds ?? 5))
  return { found: { case: 'diff', rows }, text: differTable(rows) }
}

const names = values.case.flatMap((list) => list.split(','))
const unknown = names.filter((name) => !isCase(name) && name !== 'huge')
if (unknown.length > 0) {
  say(`There is no case ${unknown.join(', ')}; there are ${caseNames.join(', ')} and huge.`)
  process.exit(2)
}
const isForAll = values.case.length === caseNames.length
const [verb = 'compare'] = positionals
const runs: Readonly<Record<string, () => readonly (() => Promise<Found>)[]>> = {
  compare() {
    if (nodePeers.some(takesPart)) installPeers(say)
    return names.map((name) => () => runCase(name))
  },
  profile: () => (isForAll ? ['small'] : names).map((name) => () => runProfile(name)),
  shadow: () => [runShadow],
  diff() {
    if (takesPart('jsondiffpatch')) installPeers(say)
    return [runDiff]
  },
}
const wanted = runs[verb]
if (wanted === undefined) {
  say(`There is no ${verb}; there are ${Object.keys(runs).join(', ')}.`)
  process.exit(2)
}
const all: unknown[] = []
for (const run of wanted()) {
  const { found, text } = await run()
  all.push(found)
  if (!values.json) process.stdout.write(`${text}\n\n`)
}
if (values.json) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`)

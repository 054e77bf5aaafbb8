/**
 * `npm run bench`: what a request costs Banyan, beside other proxies, all in one run. Absolute
 * figures belong to the machine; the ratios are what to quote. docs/reference/bench.md has more.
 *
 *   npm run bench -- --case small --rounds 21 --json
 *   npm run bench -- --against path/to/another/dist
 *   npm run bench -- profile
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
  startBanyan,
  startOrigin,
  startPeer,
  startServers,
} from './contender.ts'
import { cpuMicros, residentBytes } from './cost.ts'
import { load, openIdle } from './load.ts'
import { profile } from './profile.ts'
import { type Figures, type Row, summary, table } from './report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    case: { type: 'string', multiple: true, default: [...caseNames] },
    rounds: { type: 'string', default: '15' },
    connections: { type: 'string', default: '32' },
    /** The folder of another build. */
    against: { type: 'string' },
    /** Of Node, for the other Banyan. */
    flag: { type: 'string', multiple: true, default: [] },
    /** Which of the others take part; none: only Banyan does. */
    peers: { type: 'string', default: 'all' },
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
  for (let done = 0; done < 20_000; done += asked.requests * 10) {
    await measure(contender, { ...asked, requests: asked.requests * 5, idle: 0 })
  }
}

const compare = async (contenders: readonly Contender[], asked: Case): Promise<Row[]> => {
  for (const contender of contenders) await warmUp(contender, asked)
  const rounds = new Map<Contender, Figures[]>(contenders.map((each) => [each, []]))
  for (let round = 1; round <= Number(values.rounds); round++) {
    // The order turns with the rounds, so that a drift of the machine meets each alike.
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length]
      if (contender !== undefined) rounds.get(contender)?.push(await measure(contender, asked))
    }
    say(`${asked.title}: round ${round} of ${values.rounds}`)
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

const inCase = async <T>(
  name: CaseName,
  run: (directory: string, origin: number) => Promise<T>,
): Promise<T> => {
  const directory = mkdtempSync(join(tmpdir(), `banyan-bench-${name}-`))
  const origin = await startOrigin()
  try {
    return await run(directory, origin.port)
  } finally {
    origin.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

const runCase = (name: CaseName): Promise<Row[]> =>
  inCase(name, async (directory, origin) => {
    const asked = cases[name]
    const contenders = await startAll(directory, origin, asked)
    try {
      return await compare(contenders, asked)
    } finally {
      for (const each of contenders) each.close()
    }
  })

const names = values.case.flatMap((list) => list.split(','))
const unknown = names.filter((name) => !isCase(name))
if (unknown.length > 0) {
  say(`There is no case ${unknown.join(', ')}; there are ${caseNames.join(', ')}.`)
  process.exit(2)
}
const chosen = names.filter(isCase)
if (positionals[0] === 'profile') {
  for (const name of values.case.length === caseNames.length ? (['small'] as const) : chosen) {
    process.stdout.write(
      `${await inCase(name, (directory, origin) => profile(cases[name], { directory, origin, connections, flags: values.flag }))}\n`,
    )
  }
} else {
  if (nodePeers.some(takesPart)) installPeers(say)
  const found: { readonly case: CaseName; readonly rows: readonly Row[] }[] = []
  for (const name of chosen) {
    const rows = await runCase(name)
    found.push({ case: name, rows })
    if (!values.json) process.stdout.write(`${table(cases[name].title, rows)}\n\n`)
  }
  if (values.json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
}

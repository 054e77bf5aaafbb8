/**
 * `npm run bench -- shadow`: what clients feel of modern code that misbehaves. An open loop far below
 * what the proxy can do, over proxies that were started alike: two without, one with, in random
 * order. docs/reference/bench.md says how to read it.
 */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { get } from './cases.ts'
import { type Banyan, startBanyanWith } from './contender.ts'
import { type UnrulyStage, unrulyConfig } from './contender-configs.ts'
import { type IsolationRound, type IsolationRow, isolationLine, rowOf } from './isolation-report.ts'
import { load } from './load.ts'
import { type OpenLoopResult, openLoop } from './open-loop.ts'
import { serveFirst } from './serve-first.ts'
import { shadowCountsOf } from './shadow-counts.ts'
import { bombFile } from './shadow-handlers.ts'
import { type Deed, deeds, type Foreign, foreignOf, startForeign, writeBomb } from './unruly.ts'

export interface IsolationOptions {
  readonly directory: string
  /** The port that all proxies send to. */
  readonly origin: number
  readonly originPid: number
  readonly build: string | undefined
  readonly deeds: readonly Deed[]
  readonly stages: readonly UnrulyStage[]
  readonly rounds: number
  /** Of what is measured in each leg. */
  readonly requests: number
  /** At most: it is never more than 30 % of what the proxy can do. */
  readonly perSecond: number
  /** For how long the deed is done before anything is measured, milliseconds. */
  readonly settleMs: number
  readonly say: (line: string) => void
}

interface Row extends IsolationOptions {
  readonly stage: UnrulyStage
  readonly deed: Deed
  readonly bomb: string
}

type LegName = keyof IsolationRound
interface Leg {
  readonly name: LegName
  readonly foreign: Foreign
}

/** Of what the proxy can do. */
const mostLoad = 0.3
/** What is measured first, and thrown away. */
const warmMs = 300
/** Requests a second for the route at canary, while those of a legacy route are measured. */
const unrulyPerSecond = 20
const plain = get('/api/articles')

const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((each) => ({ each, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ each }) => each)

/**
 * Until V8 knows the way of a request; lanes and the thread that compares, too, where there are any.
 * Returns how many a second it can answer by then.
 */
const warmUp = async (banyan: Banyan): Promise<number> => {
  const { port } = banyan
  await load({ port, request: get('/ok'), requests: 1_000, connections: 4 })
  // More than lanes can do: that samples are shed is no news for V8 either, then.
  await load({ port, request: get('/ok'), requests: 4_000, connections: 32 })
  await load({ port, request: plain, requests: 1_000, connections: 16 })
  const { requests, seconds } = await load({
    port,
    request: plain,
    requests: 1_000,
    connections: 16,
  })
  const { waiting } = shadowCountsOf(await banyan.metrics(), '')
  if (waiting > 0) await wait(500)
  return requests / seconds
}

const start = async (name: string, at: UnrulyStage | 'legacy', row: Row): Promise<Banyan> => {
  const { directory, origin, build, bomb } = row
  const module = join(import.meta.dirname, 'shadow-handlers.js')
  const paths = ['ok', ...deeds]
  return startBanyanWith(
    name,
    (place) => unrulyConfig({ ...place, origin, module, paths, stage: at }),
    { directory: join(directory, name), build, env: { [bombFile]: bomb } },
  )
}

const measureLeg = async (
  { port }: Banyan,
  { stage, deed, requests }: Row,
  { foreign, perSecond }: { readonly foreign: Foreign; readonly perSecond: number },
): Promise<{ readonly result: OpenLoopResult; readonly besideErrors: number }> => {
  const unruly = get(`/${deed}`)
  const request = stage === 'shadow' ? unruly : plain
  const endForeign = await startForeign(foreign)
  await wait(100)
  const warm = Math.ceil((perSecond * warmMs) / 1_000)
  const beside = Math.ceil(((warm + requests) / perSecond) * unrulyPerSecond)
  const besides =
    stage === 'shadow'
      ? null
      : openLoop({ port, request: unruly, perSecond: unrulyPerSecond, requests: beside })
  await openLoop({ port, request, perSecond, requests: warm })
  const result = await openLoop({ port, request, perSecond, requests })
  endForeign()
  return { result, besideErrors: (await besides)?.errors ?? 0 }
}

/** One round: by what ran beside the legs without. */
interface Round {
  readonly rounds: readonly { readonly foreign: Foreign; readonly legs: IsolationRound }[]
  readonly besideErrors: number
}

const legsOf = (deed: Deed): Leg[] => [
  { name: 'on', foreign: 'nothing' },
  ...foreignOf[deed].flatMap((foreign): Leg[] => [
    { name: 'off', foreign },
    { name: 'again', foreign },
  ]),
]

type Banyans = Readonly<Record<LegName, Banyan>>

/** Three processes of the same age, which have done the same; one of them with what misbehaves. */
const startAll = async (row: Row): Promise<Banyans> => ({
  // One after the other: a port that one has found free may be another one's by then.
  off: await start('off', 'legacy', row),
  again: await start('again', 'legacy', row),
  on: await start('on', row.stage, row),
})

/** Until V8 knows the way, and what misbehaves has found its pace. Returns the pace of what follows. */
const settleAll = async (banyans: Banyans, row: Row): Promise<number> => {
  let { perSecond } = row
  for (const banyan of shuffled(Object.values(banyans)))
    perSecond = Math.min(perSecond, mostLoad * (await warmUp(banyan)))
  const requests = Math.ceil((perSecond * row.settleMs) / 1_000)
  for (const banyan of shuffled(Object.values(banyans)))
    await measureLeg(banyan, { ...row, requests }, { foreign: 'nothing', perSecond })
  return perSecond
}

const runRound = async (banyans: Banyans, row: Row, perSecond: number): Promise<Round> => {
  const found: { readonly leg: Leg; readonly result: OpenLoopResult }[] = []
  let besideErrors = 0
  for (const leg of shuffled(legsOf(row.deed))) {
    const { name, foreign } = leg
    const measured = await measureLeg(banyans[name], row, { foreign, perSecond })
    found.push({ leg, result: measured.result })
    besideErrors += measured.besideErrors
  }
  const resultOf = (name: LegName, foreign: Foreign): OpenLoopResult => {
    const one = found.find(({ leg }) => leg.name === name && leg.foreign === foreign)
    if (one === undefined) throw new Error(`${name} was not measured`)
    return one.result
  }
  const rounds = foreignOf[row.deed].map((foreign) => ({
    foreign,
    legs: {
      off: resultOf('off', foreign),
      again: resultOf('again', foreign),
      on: resultOf('on', 'nothing'),
    },
  }))
  return { rounds, besideErrors }
}

const runRow = async (row: Row): Promise<IsolationRow[]> => {
  const { stage, deed, rounds: most, say } = row
  const banyans = await startAll(row)
  try {
    const perSecond = await settleAll(banyans, row)
    const rounds: Round[] = []
    for (let round = 1; round <= most; round++) {
      rounds.push(await runRound(banyans, row, perSecond))
      say(`${stage}, ${deed}: round ${round} of ${most}, ${perSecond.toFixed(0)} requests a second`)
    }
    const counts = shadowCountsOf(await banyans.on.metrics(), `unruly.${deed}`)
    const besideErrors = rounds.reduce((sum, each) => sum + each.besideErrors, 0)
    return foreignOf[deed].map((foreign) =>
      rowOf({
        ...{ stage, deed, foreign, counts, besideErrors },
        rounds: rounds.flatMap((round) =>
          round.rounds.filter((each) => each.foreign === foreign).map(({ legs }) => legs),
        ),
      }),
    )
  } finally {
    for (const banyan of Object.values(banyans)) banyan.close()
  }
}

/** Measures everything asked for, one after the other. */
export const isolation = async (options: IsolationOptions): Promise<IsolationRow[]> => {
  if (![process.pid, options.originPid].every(serveFirst))
    options.say(
      'without chrt, or the right to it, load and origin wait in line with what is measured',
    )
  const bomb = join(options.directory, 'bomb.br')
  await writeBomb(bomb)
  const asked = options.stages.flatMap((stage) => options.deeds.map((deed) => ({ stage, deed })))
  const rows: IsolationRow[] = []
  for (const each of asked) {
    const found = await runRow({ ...options, ...each, bomb })
    for (const row of found) options.say(isolationLine(row))
    rows.push(...found)
  }
  return rows
}

/**
 * `npm run bench -- shadow`: what clients feel of modern code that misbehaves. An open loop far below
 * what the proxy can do, first without, then with, then without again; the ratio of the 99th
 * percentiles is the median of all rounds, and that of the two without says what noise there is.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { constants, createBrotliCompress } from 'node:zlib'
import { get } from './cases.ts'
import { type Banyan, type Place, startBanyanWith } from './contender.ts'
import { unrulyConfig } from './contender-configs.ts'
import { load } from './load.ts'
import { type OpenLoopResult, openLoop } from './open-loop.ts'
import { median } from './report.ts'
import { bombFile } from './shadow-handlers.ts'

export const deeds = ['hang', 'spin', 'allocate', 'exit', 'bomb'] as const
export type Deed = (typeof deeds)[number]
export type UnrulyStage = 'shadow' | 'canary'

export interface IsolationOptions {
  readonly directory: string
  readonly origin: number
  readonly build: string | undefined
  readonly deeds: readonly Deed[]
  readonly stages: readonly UnrulyStage[]
  readonly rounds: number
  /** Of what is measured in each part of a round. */
  readonly seconds: number
  readonly perSecond: number
  readonly say: (line: string) => void
}

export interface IsolationRow {
  readonly stage: UnrulyStage
  readonly deed: Deed
  /** Milliseconds, medians. */
  readonly offP99: number
  readonly onP99: number
  /** Medians of the ratios within a round: with by without, and without by without. */
  readonly ratio: number
  readonly control: number
  /** How often modern was asked and said what became of it: none would prove nothing. */
  readonly asked: number
  readonly errors: number
}

const askedLine =
  /^banyan_(?:comparisons_total\{(?!.*outcome="shed")|fallbacks_total\{).*\} (\d+)$/gm

const askedOf = (metrics: string): number =>
  [...metrics.matchAll(askedLine)].reduce((sum, [, count]) => sum + Number(count), 0)

/** Zeros that unpack to 512 MiB from some four hundred bytes. */
const writeBomb = async (file: string): Promise<void> => {
  const zeros = Buffer.alloc(2 ** 20)
  const pieces = Readable.from(Array.from({ length: 512 }, () => zeros))
  const packed = createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
  await pipeline(pieces, packed, createWriteStream(file))
}

/** A process that has nothing to do with the proxy and takes all of one core. */
const startSpinning = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
  await once(child, 'spawn')
  return child
}

/** What is not measured of each part: a reload, lanes that end, and what is not warm. */
const settleMs = 1_500
const warmMs = 500
/** Requests a second for the route at canary, while those of a legacy route are measured. */
const unrulyPerSecond = 20

interface Part {
  readonly stage: 'legacy' | UnrulyStage
  /** Whether a foreign process spins meanwhile. */
  readonly isContended: boolean
}

const measurePart = async (
  banyan: Banyan,
  asked: { readonly measured: Buffer; readonly beside: Buffer | null },
  { perSecond, seconds }: IsolationOptions,
): Promise<OpenLoopResult> => {
  const { port } = banyan
  const ms = seconds * 1_000
  const whole = ms + warmMs
  const beside =
    asked.beside === null
      ? null
      : openLoop({ port, request: asked.beside, perSecond: unrulyPerSecond, ms: whole })
  await openLoop({ port, request: asked.measured, perSecond, ms: warmMs })
  const result = await openLoop({ port, request: asked.measured, perSecond, ms })
  await beside
  return result
}

const runRounds = async (
  banyan: Banyan,
  configAt: (stage: Part['stage']) => (place: Place) => string,
  { stage, deed, ...options }: IsolationOptions & { stage: UnrulyStage; deed: Deed },
): Promise<IsolationRow> => {
  const unruly = get(`/${deed}`)
  const asked =
    stage === 'shadow'
      ? { measured: unruly, beside: null }
      : { measured: get('/api/articles'), beside: unruly }
  const run = async ({ stage: at, isContended }: Part): Promise<OpenLoopResult> => {
    await banyan.use(configAt(at))
    const foreign = isContended ? await startSpinning() : null
    await wait(settleMs)
    const result = await measurePart(banyan, asked, options)
    foreign?.kill('SIGKILL')
    return result
  }
  const off: Part = { stage: 'legacy', isContended: deed === 'spin' }
  const rounds: (readonly [off: OpenLoopResult, on: OpenLoopResult, again: OpenLoopResult])[] = []
  for (let round = 1; round <= options.rounds; round++) {
    const before = await run(off)
    const on = await run({ stage, isContended: false })
    rounds.push([before, on, await run(off)])
    options.say(`${stage}, ${deed}: round ${round} of ${options.rounds}`)
  }
  const withoutIn = ([a, , b]: (typeof rounds)[number]): number => (a.p99 + b.p99) / 2
  return {
    stage,
    deed,
    offP99: median(rounds.map(withoutIn)),
    onP99: median(rounds.map(([, on]) => on.p99)),
    ratio: median(rounds.map((round) => round[1].p99 / withoutIn(round))),
    control: median(rounds.map(([a, , b], at) => (at % 2 === 0 ? a.p99 / b.p99 : b.p99 / a.p99))),
    asked: askedOf(await banyan.metrics()),
    errors: rounds.flat().reduce((sum, { errors }) => sum + errors, 0),
  }
}

/** Measures everything asked for, one after the other, each over a proxy of its own. */
export const isolation = async (options: IsolationOptions): Promise<IsolationRow[]> => {
  const { directory, origin, say } = options
  const bomb = join(directory, 'bomb.br')
  await writeBomb(bomb)
  const module = join(import.meta.dirname, 'shadow-handlers.js')
  const configAt = (stage: Part['stage']) => (place: Place) =>
    unrulyConfig({ ...place, origin, module, deeds, stage })
  const rows: IsolationRow[] = []
  for (const stage of options.stages) {
    for (const deed of options.deeds) {
      const banyan = await startBanyanWith('banyan', configAt('legacy'), {
        directory: join(directory, `${stage}-${deed}`),
        build: options.build,
        env: { [bombFile]: bomb },
      })
      try {
        const asked = { port: banyan.port, request: get('/api/articles'), connections: 32 }
        await load({ ...asked, requests: 10_000 })
        const { requests, seconds } = await load({ ...asked, requests: 5_000 })
        const most = (0.3 * requests) / seconds
        const perSecond = Math.min(options.perSecond, most)
        say(`${perSecond.toFixed(0)} requests a second of ${(most / 0.3).toFixed(0)} that it can`)
        rows.push(await runRounds(banyan, configAt, { ...options, perSecond, stage, deed }))
      } finally {
        banyan.close()
      }
    }
  }
  return rows
}

/** What must hold: no tenth more, or no more than 2 ms. */
const holds = ({ offP99, onP99, ratio }: IsolationRow): boolean =>
  ratio <= 1.1 || onP99 - offP99 <= 2

export const isolationTable = (rows: readonly IsolationRow[]): string =>
  [
    `${'stage'.padEnd(8)}${'deed'.padEnd(10)} p99 off    p99 on     ratio   control     asked    errors`,
    ...rows.map((row) =>
      [
        row.stage.padEnd(8),
        row.deed.padEnd(8),
        row.offP99.toFixed(2).padStart(10),
        row.onP99.toFixed(2).padStart(10),
        row.ratio.toFixed(2).padStart(10),
        row.control.toFixed(2).padStart(10),
        String(row.asked).padStart(10),
        String(row.errors).padStart(10),
        holds(row) ? '' : '  more than a tenth and 2 ms',
      ].join(''),
    ),
  ].join('\n')

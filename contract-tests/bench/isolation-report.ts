/** What the legs of isolation come to: medians with their spread, a verdict, a table. Pure. */
import type { OpenLoopResult } from './open-loop.ts'
import { median } from './report.ts'
import { type Counts, type ShadowCounts, saidOf, totalOf } from './shadow-counts.ts'

/** A median, and the interval that holds the true one at 95 % or more, whatever the distribution. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** By what two legs of each round are compared: their 99th percentiles. */
export interface Pairs {
  readonly ratio: Spread
  /** Milliseconds. */
  readonly difference: Spread
}

/** Legs of one round, in whatever order they were run: without, without once more, with. */
export interface IsolationRound {
  readonly off: OpenLoopResult
  readonly again: OpenLoopResult
  readonly on: OpenLoopResult
}

/**
 * `noise`: more than may be, but by its interval it could be less, or without differs from without
 * as much: says nothing. `not asked`: nobody misbehaved, which says nothing either.
 */
export type IsolationVerdict = 'held' | 'not held' | 'noise' | 'not asked'

export interface IsolationRow {
  readonly stage: string
  readonly deed: string
  /** What a foreign process does during the legs without. */
  readonly foreign: string
  /** Milliseconds, medians. */
  readonly offP99: number
  readonly onP99: number
  /** With beside without. */
  readonly shadow: Pairs
  /** Without beside without. */
  readonly control: Pairs
  readonly counts: ShadowCounts
  readonly errors: number
  /** By how much the load itself was late, milliseconds: the median of the worse leg. */
  readonly lateP99: number
  readonly verdict: IsolationVerdict
  readonly rounds: readonly IsolationRound[]
}

/** How many of so many values lie outside either end of the interval of their median: a sign test. */
const outsideOf = (count: number): number => {
  let outside = 0
  let chance = 0.5 ** count
  for (let sum = chance; sum <= 0.025; sum += chance) {
    chance *= (count - outside) / (outside + 1)
    outside += 1
  }
  return outside
}

/** Of five values and fewer the interval is all of them, and holds less than 95 %. */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = Math.max(0, outsideOf(values.length) - 1)
  const [low = Number.NaN, high = Number.NaN] = [sorted.at(at), sorted.at(-1 - at)]
  return { median: median(values), low, high }
}

const pairsOf = (rounds: readonly IsolationRound[], leg: 'on' | 'again'): Pairs => ({
  ratio: spreadOf(rounds.map((round) => round[leg].p99 / round.off.p99)),
  difference: spreadOf(rounds.map((round) => round[leg].p99 - round.off.p99)),
})

/** What must hold: no tenth more, or no more than 2 ms. */
const most = { ratio: 1.1, ms: 2 } as const

const judge = ({ ratio, difference }: Pairs, control: Pairs): IsolationVerdict => {
  if (ratio.median <= most.ratio || difference.median <= most.ms) return 'held'
  const mayBeLess = ratio.low <= most.ratio || difference.low <= most.ms
  const isAsControl =
    ratio.median <= control.ratio.high || difference.median <= control.difference.high
  return mayBeLess || isAsControl ? 'noise' : 'not held'
}

const isAsked = ({ compared, waiting, fallbacks, lanes }: ShadowCounts): boolean =>
  waiting + [compared, fallbacks, lanes].reduce((sum, each) => sum + totalOf(each), 0) > 0

export interface IsolationFound {
  readonly stage: string
  readonly deed: string
  readonly foreign: string
  readonly rounds: readonly IsolationRound[]
  readonly counts: ShadowCounts
  /** Met by clients of the route that misbehaves, where others are measured. */
  readonly besideErrors: number
}

export const rowOf = ({ besideErrors, ...found }: IsolationFound): IsolationRow => {
  const { rounds, counts } = found
  const medianOf = (pick: (round: IsolationRound) => number): number => median(rounds.map(pick))
  const own = rounds.flatMap(({ off, again, on }) => [off.errors, again.errors, on.errors])
  const errors = own.reduce((sum, each) => sum + each, besideErrors)
  const [shadow, control] = [pairsOf(rounds, 'on'), pairsOf(rounds, 'again')]
  const verdict = isAsked(counts) ? judge(shadow, control) : 'not asked'
  return {
    ...found,
    offP99: medianOf(({ off }) => off.p99),
    onP99: medianOf(({ on }) => on.p99),
    ...{ shadow, control, errors },
    lateP99: Math.max(
      medianOf(({ off }) => off.lateP99),
      medianOf(({ on }) => on.lateP99),
    ),
    verdict: errors > 0 ? 'not held' : verdict,
  }
}

const spreadText = ({ median: middle, low, high }: Spread): string =>
  `${middle.toFixed(2)} [${low.toFixed(2)} ${high.toFixed(2)}]`

type Column = readonly [head: string, width: number, text: (row: IsolationRow) => string]

// biome-ignore format: a table reads best as a table
const columns: readonly Column[] = [
  ['stage',         8, ({ stage }) => stage],
  ['deed',         10, ({ deed }) => deed],
  ['foreign',      10, ({ foreign }) => foreign],
  ['off ms',       10, ({ offP99 }) => offP99.toFixed(2)],
  ['on ms',        10, ({ onP99 }) => onP99.toFixed(2)],
  ['ratio',        22, ({ shadow }) => spreadText(shadow.ratio)],
  ['more ms',      26, ({ shadow }) => spreadText(shadow.difference)],
  ['A/A ratio',    22, ({ control }) => spreadText(control.ratio)],
  ['A/A more ms',  26, ({ control }) => spreadText(control.difference)],
  ['late ms',      10, ({ lateP99 }) => lateP99.toFixed(2)],
  ['errors',        8, ({ errors }) => String(errors)],
  ['verdict',       0, ({ verdict }) => verdict],
]

const samplesText = ({ stage, deed, counts }: IsolationRow): string => {
  const { compared, shed, waiting, fallbacks, lanes } = counts
  const sampled = totalOf(compared) + totalOf(shed) + waiting
  const some = (name: string, list: Counts): string => `${name} ${totalOf(list)} (${saidOf(list)})`
  const parts = [
    `sampled ${sampled}`,
    some('compared', compared),
    some('shed', shed),
    `waiting ${waiting}`,
    some('fallbacks', fallbacks),
    some('lanes ended', lanes),
  ]
  return `${stage.padEnd(8)}${deed.padEnd(10)}${parts.join(' · ')}`
}

/** What a row says as soon as it is measured. */
export const isolationLine = ({
  stage,
  deed,
  foreign,
  shadow,
  control,
  ...row
}: IsolationRow): string =>
  [
    `${stage}, ${deed} (foreign: ${foreign}): ${row.verdict}`,
    `ratio ${spreadText(shadow.ratio)}, ${spreadText(shadow.difference)} ms more`,
    `A/A ${spreadText(control.ratio)}, ${spreadText(control.difference)} ms more`,
    `${row.errors} errors`,
  ].join('; ')

/** For people: the 99th percentiles, and what became of the samples behind them. */
export const isolationTable = (rows: readonly IsolationRow[]): string => {
  const line = (cells: (column: Column) => string): string =>
    columns
      .map((column) => cells(column).padEnd(column[1]))
      .join('')
      .trimEnd()
  const once = rows.filter(
    (row, at) => rows.findIndex((o) => o.stage === row.stage && o.deed === row.deed) === at,
  )
  return [
    line(([head]) => head),
    ...rows.map((row) => line(([, , text]) => text(row))),
    '',
    ...once.map(samplesText),
  ].join('\n')
}

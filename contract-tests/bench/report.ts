/** The figures of a run as a table for people. Pure. */

/** One round of one contender. */
export interface Figures {
  /** CPU microseconds of the proxy's process for one request. */
  readonly cpuMicros: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly rssMiB: number
  readonly errors: number
}

export interface Row extends Figures {
  readonly name: string
  /** Its CPU by Banyan's of the same round: the median of all rounds. */
  readonly ratio: number
}

export const median = (list: readonly number[]): number => {
  const sorted = list.toSorted((a, b) => a - b)
  const high = sorted[Math.floor(list.length / 2)] ?? 0
  return list.length % 2 === 1 ? high : ((sorted[list.length / 2 - 1] ?? 0) + high) / 2
}

/** Medians over the rounds; `base` are the rounds of whom the others are compared with. */
export const summary = (
  name: string,
  rounds: readonly Figures[],
  base: readonly Figures[],
): Row => {
  const of = (pick: (figures: Figures) => number): number => median(rounds.map(pick))
  const ratios = rounds.map(({ cpuMicros }, at) => cpuMicros / (base[at]?.cpuMicros ?? cpuMicros))
  return {
    name,
    cpuMicros: of((each) => each.cpuMicros),
    ratio: median(ratios),
    perSecond: of((each) => each.perSecond),
    p50: of((each) => each.p50),
    p99: of((each) => each.p99),
    rssMiB: of((each) => each.rssMiB),
    errors: rounds.reduce((sum, each) => sum + each.errors, 0),
  }
}

type Column = readonly [head: string, text: (row: Row) => string]

const columns: readonly Column[] = [
  ['CPU µs', ({ cpuMicros }) => cpuMicros.toFixed(0)],
  ['× banyan', ({ ratio }) => ratio.toFixed(2)],
  ['req/s', ({ perSecond }) => perSecond.toFixed(0)],
  ['p50 ms', ({ p50 }) => p50.toFixed(2)],
  ['p99 ms', ({ p99 }) => p99.toFixed(2)],
  ['RSS MiB', ({ rssMiB }) => rssMiB.toFixed(0)],
  ['errors', ({ errors }) => String(errors)],
]

export const table = (title: string, rows: readonly Row[]): string => {
  const line = (first: string, cells: readonly string[]): string =>
    [first.padEnd(12), ...cells.map((cell) => cell.padStart(9))].join('')
  const body = rows.map((row) =>
    line(
      row.name,
      columns.map(([, text]) => text(row)),
    ),
  )
  return [
    title,
    line(
      '',
      columns.map(([head]) => head),
    ),
    ...body,
  ].join('\n')
}

/** Time series whose label text is rendered once, so that counting costs no more than an addition. */
import { buckets as bucketTable, type MetricName, metricRow } from './catalogue.ts'

export type Labels = Readonly<Record<string, string>>

interface Labelled {
  readonly labels: Labels
  /** The labels as exposed, rendered once: `a="b",c="d"`, no braces. */
  readonly text: string
}

/** One series of a counter or gauge. Count with `cell.value += 1`. */
export interface Cell extends Labelled {
  value: number
}

/** The series of one histogram under one set of labels. */
export interface HistogramCell extends Labelled {
  /** Upper bounds. */
  readonly bounds: Float64Array
  /** Observations per bucket, not cumulative; the last one holds what exceeds every bound. */
  readonly counts: Float64Array
  sum: number
}

/** Adds one observation. No allocation: tens of nanoseconds. */
export const observeValue = (cell: HistogramCell, value: number): void => {
  const { bounds, counts } = cell
  let index = 0
  while (index < bounds.length && value > (bounds[index] as number)) index += 1
  counts[index] = (counts[index] as number) + 1
  cell.sum += value
}

export interface SeriesValue {
  readonly metricName: string
  readonly labels: Labels
  readonly value: number
}

/** All series of one metric. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** Time series now: a histogram has one per bucket and two more. */
  size(): number
  /** The text format, without HELP and TYPE, line by line so that a long one can be interrupted. */
  lines(): Generator<string>
  /** The same as prom-client reads it. */
  values(): SeriesValue[]
  /** Drops every series of these routes. */
  drop(routes: ReadonlySet<string>): void
  clear(): void
}

export interface CellFamily extends Family {
  /** The series of these labels, made at zero when there is none. Keep it: a lookup costs more. */
  cell(labels: Labels): Cell
}

export interface HistogramFamily extends Family {
  cell(labels: Labels): HistogramCell
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' }

const special = /[\\"\n]/g

/** Label text of the exposition format: values escaped, empty ones left out. */
export const labelText = (names: readonly string[], labels: Labels): string => {
  let text = ''
  for (const name of names) {
    const value = labels[name]
    if (value === undefined || value === '') continue
    const escaped = value.replace(special, (char) => escapes[char] ?? char)
    text += `${text === '' ? '' : ','}${name}="${escaped}"`
  }
  return text
}

const braced = (text: string): string => (text === '' ? '' : `{${text}}`)

const createCells = <C extends Labelled>(
  names: readonly string[],
  make: (labelled: Labelled) => C,
) => {
  const cells = new Map<string, C>()
  return {
    cells,
    cell(labels: Labels): C {
      const text = labelText(names, labels)
      const known = cells.get(text)
      if (known !== undefined) return known
      const made = make({ labels, text })
      cells.set(text, made)
      return made
    },
    drop(routes: ReadonlySet<string>): void {
      for (const [key, { labels }] of cells) {
        if (routes.has(labels.route ?? '')) cells.delete(key)
      }
    },
    clear: () => cells.clear(),
  }
}

/** A counter or a gauge of the catalogue. */
export const createCellFamily = (metric: MetricName): CellFamily => {
  const { help, type, labels: names } = metricRow(metric)
  const name = `banyan_${metric}`
  const { cells, cell, drop, clear } = createCells<Cell>(names, (labelled) => ({
    ...labelled,
    value: 0,
  }))
  return {
    name,
    help,
    type,
    cell,
    drop,
    clear,
    size: () => cells.size,
    values: () =>
      [...cells.values()].map(({ labels, value }) => ({ metricName: name, labels, value })),
    *lines() {
      for (const { text, value } of cells.values()) yield `${name}${braced(text)} ${value}`
    },
  }
}

/** Buckets as exposed: cumulative, the last one under `+Inf`. */
const cumulative = ({ bounds, counts }: HistogramCell): { le: string; value: number }[] => {
  let value = 0
  return Array.from(counts, (count, index) => {
    value += count
    return { le: index < bounds.length ? String(bounds[index]) : '+Inf', value }
  })
}

const histogramValues = (name: string, cell: HistogramCell): SeriesValue[] => {
  const { labels, sum } = cell
  const inBuckets = cumulative(cell)
  return [
    ...inBuckets.map(({ le, value }) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le },
      value,
    })),
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: inBuckets.at(-1)?.value ?? 0 },
  ]
}

/** All lines of one cell at once, so that no observation falls between two of them. */
const histogramLines = (name: string, cell: HistogramCell): string[] => {
  const { text, sum } = cell
  const before = text === '' ? '' : `${text},`
  const inBuckets = cumulative(cell)
  return [
    ...inBuckets.map(({ le, value }) => `${name}_bucket{${before}le="${le}"} ${value}`),
    `${name}_sum${braced(text)} ${sum}`,
    `${name}_count${braced(text)} ${inBuckets.at(-1)?.value ?? 0}`,
  ]
}

/** A histogram of the catalogue. */
export const createHistogramFamily = (metric: MetricName): HistogramFamily => {
  const { help, type, labels: names, buckets = 'latency' } = metricRow(metric)
  const name = `banyan_${metric}`
  const bounds = Float64Array.from(bucketTable[buckets])
  const { cells, cell, drop, clear } = createCells<HistogramCell>(names, (labelled) => ({
    ...labelled,
    bounds,
    counts: new Float64Array(bounds.length + 1),
    sum: 0,
  }))
  return {
    name,
    help,
    type,
    cell,
    drop,
    clear,
    size: () => cells.size * (bounds.length + 3),
    values: () => [...cells.values()].flatMap((each) => histogramValues(name, each)),
    *lines() {
      for (const each of cells.values()) yield* histogramLines(name, each)
    },
  }
}

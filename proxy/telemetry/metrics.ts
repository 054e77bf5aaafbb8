/**
 * The metrics of one process. The only file that knows the metrics library, which keeps the registry
 * and Node's own metrics; Banyan's are counted and rendered by its own series (adr/0010).
 */
import { Buffer } from 'node:buffer'
import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { collectDefaultMetrics, type Metric, Registry } from 'prom-client'
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type InternalPlace,
  internalPlaces,
  type LabelsOf,
  type MetricName,
  metricNames,
  metricRow,
} from './catalogue.ts'
import type { Log } from './log.ts'
import {
  type Cell,
  type CellFamily,
  createCellFamily,
  createHistogramFamily,
  type Family,
  type HistogramCell,
  type HistogramFamily,
  observeValue,
} from './series.ts'

export interface Metrics {
  /** The series of these labels, made at zero when there is none. Resolve once, then `value += 1`. */
  counter<N extends CounterName>(name: N, labels: LabelsOf<N>): Cell
  gauge<N extends GaugeName>(name: N, labels: LabelsOf<N>): Cell
  /** Observe with `observeValue(cell, seconds)`. */
  histogram<N extends HistogramName>(name: N, labels: LabelsOf<N>): HistogramCell
  /** Forgets every series of a gauge, whose next ones are about to be set. */
  clear(name: GaugeName): void
  /** Drops every series that speaks of these routes. */
  drop(routes: ReadonlySet<string>): void
  /** Counts an error that is swallowed, and logs the first one of its kind. Never throws. */
  internalError(where: InternalPlace, error: unknown): void
  /** Registers what fills gauges just before they are read. An error there is counted. */
  onScrape(fill: () => void): void
  /** The exposition, at most a second old. */
  page(encoding: 'identity' | 'gzip'): Promise<Buffer>
  readonly contentType: string
  /** For a process that has metrics of its own to serve beside Banyan's. */
  readonly registry: Registry
  /** Stops the timer of `event_loop_delay_seconds`. */
  close(): void
}

export interface MetricsOptions {
  readonly log: Log
  /** Monotonic milliseconds; default performance.now. */
  readonly now?: () => number
  /** Node's own metrics (process_…, nodejs_…) as well; default true. */
  readonly node?: boolean
}

/** Above this a scrape and the Prometheus behind it begin to cost: look at the routes. */
const seriesBudget = 10_000
const linesPerTurn = 2_000
const cacheMs = 1_000
const tickMs = 20

/** Gauges under a counter's name: `promtool check metrics` refuses them. */
const misnamed = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`)

type Families = ReadonlyMap<MetricName, CellFamily | HistogramFamily>

const createFamilies = (): Families =>
  new Map(
    metricNames.map((name) => [
      name,
      metricRow(name).type === 'histogram' ? createHistogramFamily(name) : createCellFamily(name),
    ]),
  )

/** A family as the library wants its metrics: an object that answers `get`. */
const register = (registry: Registry, family: Family): void => {
  const metric = {
    name: family.name,
    help: family.help,
    type: family.type,
    aggregator: 'sum',
    get: async () => ({ ...metric, values: family.values() }),
    reset: () => family.clear(),
  }
  registry.registerMetric(metric as unknown as Metric)
}

const createRegistry = (families: Families, node: boolean): Registry => {
  const registry = new Registry()
  for (const family of families.values()) register(registry, family)
  if (node) collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  return registry
}

/** All families as text; between portions of lines others have their turn. */
const renderFamilies = async (families: Iterable<Family>): Promise<string> => {
  const parts: string[] = []
  let lines: string[] = []
  for (const family of families) {
    lines.push(`# HELP ${family.name} ${family.help}`, `# TYPE ${family.name} ${family.type}`)
    for (const line of family.lines()) {
      if (lines.push(line) < linesPerTurn) continue
      parts.push(lines.join('\n'))
      lines = []
      await turn()
    }
  }
  return `${[...parts, ...lines].join('\n')}\n`
}

const renderOthers = async (registry: Registry, families: Families): Promise<string> => {
  const own = new Set([...families.values()].map(({ name }) => name))
  const others = registry.getMetricsAsArray().filter(({ name }) => !own.has(name))
  const texts = await Promise.all(others.map(({ name }) => registry.getSingleMetricAsString(name)))
  return texts.map((text) => `${text}\n`).join('')
}

/** Watches how late a timer fires. Returns what stops it. */
const watchDelay = (cell: HistogramCell, now: () => number): (() => void) => {
  let expected = now() + tickMs
  const timer = setInterval(() => {
    const late = now() - expected
    observeValue(cell, Math.max(0, late) / 1_000)
    expected = now() + tickMs
  }, tickMs)
  timer.unref()
  return () => clearInterval(timer)
}

const zipped = promisify(gzip)

/** Runs `make` at most once per second and key; whoever comes meanwhile shares the result. */
const createCache = <K, V>(now: () => number, make: (key: K) => Promise<V>) => {
  const held = new Map<K, { readonly atMs: number; readonly value: Promise<V> }>()
  return (key: K): Promise<V> => {
    const last = held.get(key)
    if (last !== undefined && now() - last.atMs < cacheMs) return last.value
    const value = make(key)
    held.set(key, { atMs: now(), value })
    return value
  }
}

export const createMetrics = (options: MetricsOptions): Metrics => {
  const { log, now = () => performance.now(), node = true } = options
  const families = createFamilies()
  const registry = createRegistry(families, node)
  const fills: (() => void)[] = []
  const logged = new Set<string>()
  let overBudget = false

  const cells = (name: CounterName | GaugeName) => families.get(name) as CellFamily
  const histograms = (name: HistogramName) => families.get(name) as HistogramFamily
  const size = (): number => [...families.values()].reduce((sum, each) => sum + each.size(), 0)

  const internalError = (where: InternalPlace, error: unknown): void => {
    cells('internal_errors_total').cell({ where }).value += 1
    const kind = `${where} ${error instanceof Error ? error.name : typeof error}`
    if (logged.has(kind)) return
    logged.add(kind)
    log.error('internal_error', { where, err: error })
  }
  const fill = (each: () => void): void => {
    try {
      each()
    } catch (error) {
      internalError('scrape', error)
    }
  }
  const watchBudget = (): void => {
    const series = cells('series').cell({})
    series.value = size()
    const over = series.value > seriesBudget
    if (over && !overBudget) log.warn('series_over_budget', { series: series.value, seriesBudget })
    overBudget = over
  }
  const render = createCache(now, async (_: 'text'): Promise<Buffer> => {
    for (const each of fills) fill(each)
    cells('log_lines_lost_total').cell({}).value = log.lost?.() ?? 0
    watchBudget()
    const own = await renderFamilies(families.values())
    return Buffer.from(own + (await renderOthers(registry, families)))
  })
  const zip = createCache(now, async (_: 'gzip'): Promise<Buffer> => zipped(await render('text')))
  for (const where of internalPlaces) cells('internal_errors_total').cell({ where })
  const stopWatch = watchDelay(histograms('event_loop_delay_seconds').cell({}), now)

  return {
    counter: (name, labels) => cells(name).cell(labels),
    gauge: (name, labels) => cells(name).cell(labels),
    histogram: (name, labels) => histograms(name).cell(labels),
    clear: (name) => cells(name).clear(),
    drop(routes) {
      for (const family of families.values()) family.drop(routes)
    },
    internalError,
    onScrape: (each) => void fills.push(each),
    page: (encoding) => (encoding === 'gzip' ? zip('gzip') : render('text')),
    contentType: registry.contentType,
    registry,
    close: stopWatch,
  }
}

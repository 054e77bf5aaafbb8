/** Pages of metrics (Prometheus text format 0.0.4) as tables of numbers: read, put together, written. Pure. */
import { gaugeRule } from './gauge-rules.ts'

export interface ExposedFamily {
  readonly help: string
  readonly type: string
  /** By name and labels as they stand on the line. */
  readonly series: ReadonlyMap<string, number>
}

/** By name of the metric. */
export type Exposition = ReadonlyMap<string, ExposedFamily>

interface OpenFamily extends ExposedFamily {
  help: string
  type: string
  readonly series: Map<string, number>
}

const open = (families: Map<string, OpenFamily>, name: string): OpenFamily => {
  const known = families.get(name)
  if (known !== undefined) return known
  const made: OpenFamily = { help: '', type: 'untyped', series: new Map() }
  families.set(name, made)
  return made
}

/** Prometheus writes infinity otherwise than JavaScript does. */
const numberOf = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : +text

const textOf = (value: number): string =>
  Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? '+Inf' : '-Inf'

/** Reads what Banyan itself has written: HELP and TYPE stand before the lines of each metric. */
export const readExposition = (text: string): Exposition => {
  const families = new Map<string, OpenFamily>()
  let family: OpenFamily | null = null
  for (const line of text.split('\n')) {
    const [, what, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? []
    if (what !== undefined) {
      family = open(families, name)
      family[what === 'HELP' ? 'help' : 'type'] = rest
      continue
    }
    const at = line.lastIndexOf(' ')
    if (at > 0) family?.series.set(line.slice(0, at), numberOf(line.slice(at + 1)))
  }
  return families
}

type Join = (a: number, b: number) => number

const joins: Readonly<Record<'sum' | 'max' | 'min', Join>> = {
  sum: (a, b) => a + b,
  max: Math.max,
  min: Math.min,
}

const isGauge = ({ type }: ExposedFamily): boolean => type === 'gauge'

/** Null: not for this page to say. */
const joinOf = (name: string, family: ExposedFamily, isPrimary: boolean): Join | null => {
  const rule = isGauge(family) ? gaugeRule(name) : 'sum'
  if (rule === 'primary') return isPrimary ? joins.sum : null
  return joins[rule]
}

const addFamily = (into: OpenFamily, { help, type, series }: ExposedFamily, join: Join): void => {
  into.help = help
  into.type = type
  for (const [key, value] of series) {
    const before = into.series.get(key)
    into.series.set(key, before === undefined ? value : join(before, value))
  }
}

/** All pages as one; what only the primary process knows is taken from its page. */
export const mergeExpositions = (
  primary: Exposition,
  workers: readonly Exposition[],
): Exposition => {
  const merged = new Map<string, OpenFamily>()
  for (const page of [primary, ...workers]) {
    for (const [name, family] of page) {
      const join = joinOf(name, family, page === primary)
      if (join !== null) addFamily(open(merged, name), family, join)
    }
  }
  return merged
}

/** What outlives a process: everything that only ever grows. */
export const growing = (page: Exposition): Exposition =>
  new Map([...page].filter(([, family]) => !isGauge(family)))

const routeOf = (key: string): string | null =>
  /[{,]route="((?:[^"\\]|\\.)*)"/.exec(key)?.[1] ?? null

/** The routes of which any series speaks. */
export const routesIn = (pages: readonly Exposition[]): ReadonlySet<string> =>
  new Set(
    pages.flatMap((page) => {
      const stages = page.get('banyan_requests_total')?.series.keys() ?? []
      return [...stages].map((key) => routeOf(key) ?? '')
    }),
  )

/** Without the series of routes that are gone. */
export const onlyRoutes = (page: Exposition, routes: ReadonlySet<string>): Exposition =>
  new Map(
    [...page].map(([name, family]) => {
      const kept = [...family.series].filter(([key]) => {
        const route = routeOf(key)
        return route === null || routes.has(route) || route.startsWith('_')
      })
      return [name, { ...family, series: new Map(kept) }]
    }),
  )

export const writeExposition = (page: Exposition): string =>
  [...page]
    .map(([name, { help, type, series }]) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...[...series].map(([key, value]) => `${key} ${textOf(value)}`),
        '',
      ].join('\n'),
    )
    .join('')

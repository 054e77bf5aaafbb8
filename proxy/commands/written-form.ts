/** A config as a file would say it: units back on values, defaults and includes joined. Pure. */
import type { CallerSource } from '../config/caller-source.ts'
import type { Config, Match, Route, UpstreamConfig } from '../config/config.ts'
import type { RolloutUse } from '../config/cutover-config.ts'
import { writtenRewriting } from '../config/rewriting.ts'
import { formatCeiling } from '../config/text-kinds.ts'
import { formatDuration, formatShare, formatSize } from '../config/units.ts'
import type { HashSource } from '../config/upstream-config.ts'

/** Names of `Config` carry their unit; in files the value does. */
const units: readonly (readonly [suffix: string, format: (value: number) => string])[] = [
  ['Ms', formatDuration],
  ['Bp', formatShare],
  ['Bytes', formatSize],
]

type Tree = Readonly<Record<string, unknown>>

const writtenEntry = ([key, value]: [string, unknown]): [string, unknown] => {
  const unit = units.find(([suffix]) => key.endsWith(suffix))
  if (unit === undefined || typeof value !== 'number') return [key, written(value)]
  const [suffix, format] = unit
  return [key.slice(0, -suffix.length), format(value)]
}

/** Null stands for "there is none", which a file says by leaving the key out. */
const written = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, each]) => each !== null)
  return Object.fromEntries(kept.map(writtenEntry))
}

const isEmpty = (value: Tree): boolean => Object.keys(value).length === 0

const writtenMatch = ({ methods, path, host, headers, query }: Match): Tree => ({
  ...(methods.length > 0 && { methods }),
  path,
  ...(host !== null && { host }),
  ...(!isEmpty(headers) && { headers }),
  ...(!isEmpty(query) && { query }),
})

const writtenCaller = ({ from, name }: CallerSource): string => `${from}:${name}`

const writtenRollout = ({ use, ceiling }: RolloutUse): Tree => ({
  use,
  ...(ceiling !== null && { ceiling: formatCeiling(ceiling) }),
})

const writtenRoute = ({
  id: _,
  match,
  caller,
  stage,
  rollout,
  rewriting,
  ...rest
}: Route): Tree => ({
  match: writtenMatch(match),
  ...(rollout == null ? { stage } : { rollout: writtenRollout(rollout) }),
  ...(written(rest) as Tree),
  ...(rewriting != null && writtenRewriting(rewriting)),
  caller: caller.map(writtenCaller),
})

const writtenSource = (source: HashSource): string =>
  source.from === 'address' ? 'address' : writtenCaller(source)

const writtenUpstream = ({ name: _, host, balance, ...rest }: UpstreamConfig): Tree => ({
  host: typeof host === 'string' ? host : host.literal,
  ...(written(rest) as Tree),
  ...(typeof balance === 'object'
    ? { balance: { hash: balance.hash.map(writtenSource) } }
    : { balance }),
})

const mapValues = <Value>(
  map: Readonly<Record<string, Value>>,
  change: (value: Value) => unknown,
): Tree => Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]))

/** Reads back as the same config: `parseConfig` of it has the same routes and the same revision. */
export const writtenForm = (config: Config): Tree => {
  const { revision: _, routes, upstreams, handlers, store, ...rest } = config
  const { databaseUrl, ...module } = handlers
  return {
    ...(written(rest) as Tree),
    store: store == null ? 'none' : written(store),
    handlers: {
      ...(written(module) as Tree),
      ...(databaseUrl !== null && { database: { url: databaseUrl } }),
    },
    upstreams: mapValues(upstreams, writtenUpstream),
    routes: Object.fromEntries(routes.map((route) => [route.id, writtenRoute(route)])),
  }
}

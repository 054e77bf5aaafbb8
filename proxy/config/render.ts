/** A config as the file that would say all of it: defaults filled in, units written out. Pure. */
import type { Config, Match, Route, UpstreamConfig } from './config.ts'
import type { RolloutUse } from './cutover-config.ts'
import { formatCeiling } from './text-kinds.ts'
import { formatDuration, formatShare, formatSize } from './units.ts'
import { toYaml } from './yaml.ts'

type Tree = Readonly<Record<string, unknown>>

const units: readonly (readonly [string, (value: number) => string])[] = [
  ['Ms', formatDuration],
  ['Bp', formatShare],
  ['Bytes', formatSize],
]

const writeEntry = ([key, value]: readonly [string, unknown]): readonly [string, unknown][] => {
  if (value === null) return []
  const unit = units.find(([suffix]) => key.endsWith(suffix))
  return unit === undefined || typeof value !== 'number'
    ? [[key, write(value)]]
    : [[key.slice(0, -unit[0].length), unit[1](value)]]
}

/** The unit leaves the name and goes to the value; what is null is not written. */
const write = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(write)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(writeEntry))
}

const filled = (map: Tree): Tree =>
  Object.fromEntries(
    Object.entries(map).filter(
      ([, value]) => value !== null && Object.keys(value ?? {}).length > 0,
    ),
  )

const writeMatch = ({ methods, path, host, headers, query }: Match): unknown => {
  const asked = methods.includes('GET') ? methods.filter((method) => method !== 'HEAD') : methods
  const plain = host === null && Object.keys({ ...headers, ...query }).length === 0
  if (plain) return asked.length === 0 ? path : `${asked.join('|')} ${path}`
  const long = filled({ methods: asked, headers, query })
  return { ...long, path, ...(host === null ? {} : { host }) }
}

const writeRollout = (use: RolloutUse | null | undefined): Tree => {
  if (use === null || use === undefined) return {}
  const { use: name, ceiling } = use
  return { rollout: ceiling === null ? name : { use: name, ceiling: formatCeiling(ceiling) } }
}

const writeRoute = (route: Route): Tree => {
  const { id: _, match, caller, rollout, stage, legacy, modern, ...rest } = route
  return {
    match: writeMatch(match),
    ...(rollout === null || rollout === undefined ? { stage } : writeRollout(rollout)),
    legacy,
    modern,
    ...(write(rest) as Tree),
    caller: caller.map(({ from, name }) => `${from}:${name}`),
  }
}

const writeUpstream = ({ name: _, host, ...rest }: UpstreamConfig): Tree => ({
  ...(write(rest) as Tree),
  host: typeof host === 'string' ? host : host.literal,
})

const mapValues = <T>(from: Readonly<Record<string, T>>, to: (value: T) => unknown): Tree =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value)]))

/** Passwords in addresses are not for a terminal: `user:secret@` becomes `user:***@`. */
const withoutPassword = (url: string): string => url.replace(/(\/\/[^/@:]*:)[^/]*@/, '$1***@')

const withoutSecrets = (config: Config): Config => {
  const { handlers, store = null } = config
  const { databaseUrl } = handlers
  return {
    ...config,
    handlers: {
      ...handlers,
      databaseUrl: databaseUrl === null ? null : withoutPassword(databaseUrl),
    },
    store: store === null ? null : { url: withoutPassword(store.url) },
  }
}

/** The config as plain data, in the words of the file. Without its passwords. */
export const writtenForm = (config: Config): Tree => {
  const { revision: _, upstreams, routes, handlers, ...rest } = withoutSecrets(config)
  const { databaseUrl, ...module } = handlers
  return {
    ...(write(rest) as Tree),
    handlers: {
      ...(write(module) as Tree),
      ...(databaseUrl === null ? {} : { database: { url: databaseUrl } }),
    },
    upstreams: mapValues(upstreams, writeUpstream),
    routes: Object.fromEntries(routes.map((route) => [route.id, writeRoute(route)])),
  }
}

/** The same as YAML; read again, it gives the same revision. */
export const renderConfig = (config: Config): string => toYaml(writtenForm(config))

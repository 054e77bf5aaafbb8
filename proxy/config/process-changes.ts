/** What a running process cannot take up from a new config. Pure. */
import { canonicalJson } from './canonical-json.ts'
import type { Config, ProcessConfig } from './config.ts'

const processKeys = [
  'listen',
  'admin',
  'probes',
  'handlers',
  'shadow',
  'store',
  'log',
  'stateDir',
] as const satisfies readonly (keyof ProcessConfig)[]

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const differences = (path: string, running: unknown, wanted: unknown): readonly string[] => {
  if (canonicalJson(running ?? null) === canonicalJson(wanted ?? null)) return []
  if (!isMap(running) || !isMap(wanted)) return [path]
  const keys = [...new Set([...Object.keys(running), ...Object.keys(wanted)])]
  return keys.flatMap((key) => differences(`${path}.${key}`, running[key], wanted[key]))
}

/** As the file says it: the unit stands in the value there. */
const written = (path: string): string =>
  path === 'handlers.databaseUrl' ? 'handlers.database.url' : path.replace(/(Ms|Bp|Bytes)$/, '')

/** Paths of the values that need a restart, such as `listen.port`; never the values, some secret. */
export const processChanges = (running: ProcessConfig, wanted: ProcessConfig): readonly string[] =>
  processKeys.flatMap((key) => differences(key, running[key], wanted[key]).map(written))

/** The hot part of one config over the process part of another: what a reload puts in force. */
export const withProcessOf = (running: ProcessConfig, wanted: Config): Config =>
  Object.freeze({
    ...wanted,
    ...Object.fromEntries(processKeys.map((key) => [key, running[key]])),
  })

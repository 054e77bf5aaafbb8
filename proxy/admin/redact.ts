/** What may be shown of a config: everything but passwords. Pure. */
import type { Config } from '../config/config.ts'
import { redactUrl } from '../telemetry/redact-url.ts'

const redactValue = (value: unknown): unknown => {
  if (typeof value === 'string') return redactUrl(value)
  if (Array.isArray(value)) return value.map(redactValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redactValue(each)]))
}

/** The config in force without credentials. Keys are named by their environment variable anyway. */
export const redactConfig = (config: Config): unknown => redactValue(config)

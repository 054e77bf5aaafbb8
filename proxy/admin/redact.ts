/** What may be shown of a config: everything but passwords. Pure. */
import type { Config } from '../config/config.ts'

const userInfo = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i

/** Takes user, password and query out of a URL; any other text stays as it is. */
export const redactUrl = (text: string): string => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text
  const [plain = ''] = text.split('?')
  return plain.replace(userInfo, '$1…@') + (text.includes('?') ? '?…' : '')
}

const redactValue = (value: unknown): unknown => {
  if (typeof value === 'string') return redactUrl(value)
  if (Array.isArray(value)) return value.map(redactValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redactValue(each)]))
}

/** The config in force without credentials. Keys are named by their environment variable anyway. */
export const redactConfig = (config: Config): unknown => redactValue(config)

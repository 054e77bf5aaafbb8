/** Values as source text that is one token to every reader, whatever is in them. Pure. */
import { escapeRisky } from '../telemetry/log-line.ts'

/** A single-quoted string. */
export const quoted = (text: string): string => {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escapeRisky(inner).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}

const plainName = /^[A-Za-z_$][\w$]*$/

const memberName = (name: string): string => {
  // As a literal, it would set the prototype.
  if (name === '__proto__') return `['__proto__']`
  return plainName.test(name) ? name : quoted(name)
}

/** A value of `JSON.parse` as an expression. */
export const literal = (value: unknown): string => {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null)
    return Object.is(value, -0) ? '-0' : String(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  const members = Object.entries(value).map(
    ([name, each]) => `${memberName(name)}: ${literal(each)}`,
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/** A regular expression that finds exactly this text. */
export const pattern = (text: string): string =>
  escapeRisky(
    text
      .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
      .replace(/\r/g, '\\r')
      .replace(/\n/g, '\\n'),
  )

/** Text for a comment of one line. */
export const remark = (text: string): string =>
  escapeRisky(text.replace(/\s+/g, ' ').replaceAll('*/', '* /'))

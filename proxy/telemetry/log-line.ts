/** Log lines as text: safe for any terminal, and readable on one. Pure. */

/**
 * What JSON leaves as it is and a terminal or a log viewer obeys: DEL and the C1 controls (0x9b is
 * an escape sequence in one byte), line separators, and the marks that reverse the direction of text.
 */
const risky: RegExp = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

const escapeChar = (char: string): string =>
  `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Makes JSON text safe to print; it parses to the same value. */
export const escapeRisky = (json: string): string => json.replace(risky, escapeChar)

const colors: Readonly<Record<string, string>> = {
  debug: '\u001b[90m',
  info: '\u001b[32m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
}

const bare = /^[\w.:/@+-]+$/

const shown = (value: unknown): string =>
  typeof value === 'string' && bare.test(value) ? value : escapeRisky(JSON.stringify(value))

/**
 * One line for people: time of day, level, event, then `key=value`; absent values are left out.
 *
 * @param json one log line as written to a file
 */
export const prettyLine = (json: string, color: boolean): string => {
  const { time, level, event, ...fields } = JSON.parse(json) as Record<string, unknown>
  const words = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${shown(key)}=${shown(value)}`)
  const name = String(level).padEnd(5)
  const paint = color ? `${colors[String(level)] ?? ''}${name}\u001b[0m` : name
  return `${[String(time).slice(11, 23), paint, shown(event), ...words].join(' ')}\n`
}

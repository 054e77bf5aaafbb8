/** Points in time as legacies and their rewrites write them. Pure. */

export interface Instant {
  /** Milliseconds since 1970, with a fraction where the text has one. */
  readonly ms: number
  /** Digits after the seconds. */
  readonly fractionDigits: number
  /** `none`: the text does not say; `gmt`: `Z`, `UTC`, `GMT`; else an offset. */
  readonly zone: 'none' | 'gmt' | 'offset'
  readonly separator: 'T' | ' ' | 'http'
}

const isoForm =
  /^(\d{4})-(\d\d)-(\d\d)([T ])(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ?(Z|UTC|GMT|[+-]\d\d:?\d\d))?$/
const httpForm = /^[A-Z][a-z]{2}, \d\d[ -][A-Z][a-z]{2}[ -]\d{4} \d\d:\d\d:\d\d GMT$/

/** `+02:00`, `-0530`, `Z`, `UTC` as minutes east of Greenwich; null: none of these. */
export const zoneMinutes = (text: string): number | null => {
  if (/^(?:Z|UTC|GMT)$/i.test(text)) return 0
  const [, sign, hours = '', minutes = ''] = /^([+-])(\d\d):?(\d\d)$/.exec(text) ?? []
  if (sign === undefined || Number(hours) > 14 || Number(minutes) > 59) return null
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

const httpInstant = (text: string): Instant | null => {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : { ms, fractionDigits: 0, zone: 'gmt', separator: 'http' }
}

/** Null for a day or an hour that does not exist: JavaScript would take 30 February for 1 March. */
const utcOf = (naive: string): number | null => {
  const ms = Date.parse(`${naive}Z`)
  return Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(naive) ? null : ms
}

const zoneKind = (zone: string | undefined): Instant['zone'] => {
  if (zone === undefined) return 'none'
  return /^[+-]/.test(zone) ? 'offset' : 'gmt'
}

/**
 * Reads ISO 8601 (`T` or a space, any fraction, any zone or none) and HTTP dates; a text that names no
 * zone as in Greenwich. Null for anything else, dates that do not exist included.
 */
export const instantOf = (text: string): Instant | null => {
  if (text.length < 19 || text.length > 40) return null
  if (httpForm.test(text)) return httpInstant(text)
  const found = isoForm.exec(text)
  if (found === null) return null
  const [, year, month, day, separator, hour, minute, second, fraction = '', zone] = found
  const whole = utcOf(`${year}-${month}-${day}T${hour}:${minute}:${second}`)
  if (whole === null) return null
  const offset = zone === undefined ? 0 : zoneMinutes(zone)
  if (offset === null) return null
  return {
    ms: whole + Number(`0.${fraction || '0'}`) * 1_000 - offset * 60_000,
    fractionDigits: fraction.length,
    zone: zoneKind(zone),
    separator: separator === 'T' ? 'T' : ' ',
  }
}

/** How far a time zone is from Greenwich at a time that its clocks show. Pure. */
import { zoneMinutes } from './instant.ts'

/** `GMT+05:30`, `GMT` */
const offsetForm = /^GMT(?:([+-]\d\d):?(\d\d)(?::\d\d)?)?$/

const formatOf = (zone: string): Intl.DateTimeFormat | null => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  } catch {
    return null
  }
}

const minutesAt = (format: Intl.DateTimeFormat, ms: number): number | null => {
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [all, hours, minutes] = offsetForm.exec(name) ?? []
  if (all === undefined) return null
  return hours === undefined ? 0 : zoneMinutes(`${hours}${minutes}`)
}

/**
 * Minutes east of Greenwich of `+02:00`, `UTC` or a place as `Europe/Berlin`; null for anything else.
 * An abbreviation as `CET` is none: it says of half the year which offset is meant.
 *
 * @param localMs what the clocks there show, as milliseconds since 1970 there
 */
export const zoneMinutesAt = (zone: string, localMs: number): number | null => {
  const fixed = zoneMinutes(zone)
  if (fixed !== null || !zone.includes('/')) return fixed
  const format = formatOf(zone)
  if (format === null) return null
  // The clocks' own time is off by the offset; the second look is past any change of it in between.
  const guess = minutesAt(format, localMs) ?? 0
  return minutesAt(format, localMs - guess * 60_000)
}

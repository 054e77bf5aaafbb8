/** Durations, sizes and shares as they are written. Pure; what cannot be read is null. */

const durationUnits = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const sizeUnits = { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 } as const

/** Node fires a timer of more than 2^31-1 ms at once; 24 days is the last whole day below. */
export const longestDurationMs: number = 24 * durationUnits.d

const readWithUnit = (text: string, units: Readonly<Record<string, number>>): number | null => {
  const [, digits = '', unit = ''] = /^(\d{1,15})([A-Za-z]+)$/.exec(text) ?? []
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined
  const value = factor === undefined ? Number.NaN : Number(digits) * factor
  return Number.isSafeInteger(value) ? value : null
}

const formatWithUnit = (value: number, units: Readonly<Record<string, number>>): string => {
  const fitting = Object.entries(units).filter(
    ([, factor]) => value >= factor && value % factor === 0,
  )
  const [unit, factor] = fitting.at(-1) ?? Object.entries(units)[0] ?? ['', 1]
  return `${value / factor}${unit}`
}

/** `250ms 2s 1m 2h 7d` as milliseconds. */
export const readDuration = (text: string): number | null => readWithUnit(text, durationUnits)

export const formatDuration = (ms: number): string => formatWithUnit(ms, durationUnits)

/** `512B 64KiB 1MiB 2GiB` as bytes. */
export const readSize = (text: string): number | null => readWithUnit(text, sizeUnits)

export const formatSize = (bytes: number): string => formatWithUnit(bytes, sizeUnits)

/** `0% 0.05% 10% 100%` as basis points (0..10000). */
export const readShare = (text: string): number | null => {
  const [, whole, fraction = ''] = /^(\d{1,3})(?:\.(\d{1,2}))?%$/.exec(text) ?? []
  if (whole === undefined) return null
  const points = Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
  return points <= 10_000 ? points : null
}

export const formatShare = (points: number): string => `${points / 100}%`

/** What a single value of the config may be: how it is read, and how JSON Schema describes it. Pure. */
import { type DiagnosticName, type Fault, fault } from './diagnostics.ts'
import { suggest } from './suggest.ts'
import { longestDurationMs, readDuration, readShare, readSize } from './units.ts'

export interface Kind<T> {
  /** Never throws. The value comes from YAML: a scalar, a list, a map, null. */
  readonly read: (value: unknown) => T | Fault
  /** JSON Schema of what may be written, without references to the environment. */
  readonly written: Readonly<Record<string, unknown>>
  /** Its name among the definitions of the schema; absent: it stands wherever it is used. */
  readonly id?: string
}

/** What a value is, for people; never the value of a text, which may be a secret. */
export const describe = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  return typeof value === 'object' ? 'a map' : `the ${typeof value} ${String(value)}`
}

export const wrongType = (expected: string, value: unknown): Fault =>
  fault('wrongType', `expected ${expected}, found ${describe(value)}`)

export interface TextRule<T> {
  readonly fault: DiagnosticName
  /** After "expected": what it should have been. */
  readonly expected: string
  readonly read: (text: string) => T | null
  readonly pattern?: string
}

/** A text that a rule reads. */
export const textKind = <T>({
  fault: name,
  expected,
  read,
  pattern = '',
}: TextRule<T>): Kind<T> => ({
  read: (value) => {
    if (typeof value !== 'string') return wrongType(expected, value)
    return read(value) ?? fault(name, `expected ${expected}`)
  },
  written: { type: 'string', ...(pattern === '' ? {} : { pattern }) },
})

interface UnitRule {
  readonly fault: DiagnosticName
  readonly expected: string
  readonly read: (text: string) => number | null
  readonly pattern: string
  readonly least?: number
  readonly most?: number
}

const unitKind = (rule: UnitRule): Kind<number> => {
  const { fault: name, expected, read, pattern, least = 0, most = Infinity } = rule
  return {
    read: (value) => {
      if (typeof value === 'number')
        return fault(name, `expected ${expected}, found the number ${value} without a unit`)
      if (typeof value !== 'string') return wrongType(expected, value)
      const amount = read(value)
      return amount !== null && amount >= least && amount <= most
        ? amount
        : fault(name, `expected ${expected}`)
    },
    written: { type: 'string', pattern },
  }
}

const durationOf = (least: number, expected: string): Kind<number> =>
  unitKind({
    fault: 'badDuration',
    expected,
    read: readDuration,
    pattern: '^\\d+(ms|s|m|h|d)$',
    least,
    most: longestDurationMs,
  })

/** A duration that a timer waits: nothing at all would be no wait. */
export const duration: Kind<number> = durationOf(
  1,
  'a duration like 250ms, 2s, 1m, 2h or 7d, at most 24d',
)

/** A duration that may be `0s`. */
export const pause: Kind<number> = durationOf(
  0,
  'a duration like 0s, 250ms, 2s, 1m, 2h or 7d, at most 24d',
)

export const size: Kind<number> = unitKind({
  fault: 'badSize',
  expected: 'a size like 512B, 64KiB, 1MiB or 2GiB',
  read: readSize,
  pattern: '^\\d+(B|KiB|MiB|GiB)$',
  least: 1,
})

export const share: Kind<number> = unitKind({
  fault: 'badShare',
  expected: 'a share like 10% or 0.05%, from 0% to 100%',
  read: readShare,
  pattern: '^\\d{1,3}(\\.\\d{1,2})?%$',
})

/** A whole number. As text it is read too: that is how the environment gives it. */
export const whole = (least: number, most: number): Kind<number> => ({
  read: (value) => {
    const expected = `a whole number from ${least} to ${most}`
    if (typeof value !== 'number' && typeof value !== 'string') return wrongType(expected, value)
    const given = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
    return typeof given === 'number' && Number.isInteger(given) && given >= least && given <= most
      ? given
      : fault('badNumber', `expected ${expected}`)
  },
  written: { type: 'integer', minimum: least, maximum: most },
})

export const port: Kind<number> = whole(0, 65_535)

/** A factor such as 1.25. */
export const factor: Kind<number> = {
  read: (value) =>
    typeof value === 'number' && value >= 1 && value <= 1_000
      ? value
      : fault('badNumber', 'expected a factor from 1 to 1000, such as 1.25'),
  written: { type: 'number', minimum: 1, maximum: 1_000 },
}

export const flag: Kind<boolean> = {
  read: (value) => {
    if (typeof value === 'boolean') return value
    return value === 'true' || value === 'false'
      ? value === 'true'
      : wrongType('true or false', value)
  },
  written: { type: 'boolean' },
}

export const oneOf = <const T extends string>(names: readonly T[]): Kind<T> => ({
  read: (value) => {
    if (typeof value !== 'string') return wrongType(`one of ${names.join(', ')}`, value)
    const found = names.find((name) => name === value)
    return found ?? fault('notAllowed', `"${value}" is not allowed here`, suggest(value, names))
  },
  written: { type: 'string', enum: names },
})

export const text: Kind<string> = textKind({
  fault: 'badText',
  expected: 'text that is not empty',
  read: (given) => (given.trim() === '' ? null : given),
})

/**
 * What many values of one place have in common besides their form: how large and how exact its numbers
 * are, how long its tokens and of which characters. Of a few values all of this may be chance. Pure.
 */
import { numberText } from './coerce.ts'
import type { JsonValue } from './json.ts'
import { shapeOf } from './shape.ts'

/** Of numbers, and of texts that are numbers. */
interface NumberBounds {
  readonly least: number
  readonly most: number
  /** Digits after the point. */
  readonly fewestDigits: number
  readonly mostDigits: number
}

/** Of opaque texts of one length. */
interface TokenBounds {
  readonly length: number
  /** One of each class of characters, sorted. */
  readonly alphabet: string
}

/** Null: they have nothing of it in common. */
export interface Bounds {
  readonly number: NumberBounds | null
  readonly token: TokenBounds | null
}

/** A number with an exponent is as exact as it likes. */
const digitsOf = (text: string): number =>
  /e/i.test(text) ? Number.POSITIVE_INFINITY : (/\.(\d+)$/.exec(text)?.[1]?.length ?? 0)

const numberBounds = (value: JsonValue): NumberBounds | null => {
  const text = numberText(value)
  if (text === null) return null
  const [size, digits] = [Number(text), digitsOf(text)]
  return { least: size, most: size, fewestDigits: digits, mostDigits: digits }
}

/** Shorter texts are words, and of any length. */
const tokenForm = /^[\w+/=.~-]{16,128}$/

/** Alphabets of random tokens differ in these. */
const classes: readonly (readonly [RegExp, string])[] = [
  [/\d/, '0'],
  [/[A-Z]/, 'A'],
  [/[a-z]/, 'a'],
  [/[+/]/, '+'],
  [/[-_]/, '-'],
  [/[=.~]/, '='],
]

const alphabetOf = (text: string): string =>
  classes.map(([chars, name]) => (chars.test(text) ? name : '')).join('')

const tokenBounds = (value: JsonValue): TokenBounds | null => {
  if (typeof value !== 'string' || !tokenForm.test(value)) return null
  if (numberText(value) !== null || shapeOf(value).name === 'uuid') return null
  return { length: value.length, alphabet: alphabetOf(value) }
}

/** Of one value. */
export const boundsOf = (value: JsonValue): Bounds => ({
  number: numberBounds(value),
  token: tokenBounds(value),
})

const joinNumbers = (a: NumberBounds | null, b: NumberBounds | null): NumberBounds | null =>
  a &&
  b && {
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
    fewestDigits: Math.min(a.fewestDigits, b.fewestDigits),
    mostDigits: Math.max(a.mostDigits, b.mostDigits),
  }

const joinTokens = (a: TokenBounds | null, b: TokenBounds | null): TokenBounds | null =>
  a === null || b === null || a.length !== b.length
    ? null
    : { length: a.length, alphabet: alphabetOf(a.alphabet + b.alphabet) }

/** What holds for the values of both. */
export const joinBounds = (a: Bounds, b: Bounds): Bounds => ({
  number: joinNumbers(a.number, b.number),
  token: joinTokens(a.token, b.token),
})

/** Larger than all that were ever seen, times this: another unit, not another value. */
const anotherUnit = 100
/** Beyond this nobody has rounded. */
const roundedDigits = 6

const isAsLarge = ({ least, most, mostDigits }: NumberBounds, value: number): boolean => {
  const isCount = least >= 0 && mostDigits === 0
  const largest = Math.max(Math.abs(least), Math.abs(most), 1)
  return Math.abs(value) <= largest * anotherUnit && (value >= 0 || !isCount)
}

/** `12.50` as text always has its digits; as a number it is 12.5. */
const isAsExact = (bounds: NumberBounds, digits: number, isText: boolean): boolean => {
  const { fewestDigits, mostDigits } = bounds
  if (mostDigits > roundedDigits) return true
  return isText && fewestDigits === mostDigits ? digits === mostDigits : digits <= mostDigits
}

const fitsNumber = (bounds: NumberBounds, value: JsonValue): boolean => {
  const text = numberText(value)
  if (text === null) return false
  return (
    isAsLarge(bounds, Number(text)) && isAsExact(bounds, digitsOf(text), typeof value === 'string')
  )
}

const fitsToken = ({ length, alphabet }: TokenBounds, value: JsonValue): boolean =>
  typeof value === 'string' &&
  value.length === length &&
  [...alphabetOf(value)].every((each) => alphabet.includes(each)) &&
  tokenForm.test(value)

/** Whether a value keeps within what others of its place have in common. */
export const isWithin = ({ number, token }: Bounds, value: JsonValue): boolean =>
  (number === null || fitsNumber(number, value)) && (token === null || fitsToken(token, value))

/** Decimal numbers as text: compared exactly, however large and however written. Pure. */

/** A decimal as digits times a power of ten, no zero at either end of the digits. */
export interface Decimal {
  readonly negative: boolean
  readonly digits: string
  readonly exponent: bigint
}

const form = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,1000}))?$/

/** By hand: `/0+$/` takes quadratic time on a long run of zeros. */
const withoutZerosAtEnd = (text: string): string => {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 48) end--
  return text.slice(0, end)
}

/** Reads a number as JSON writes it; null for anything else, leading zeros included. */
export const decimalOf = (text: string): Decimal | null => {
  const found = form.exec(text)
  if (found === null) return null
  const [, sign, whole = '', fraction = '', power = '0'] = found
  const all = `${whole}${fraction}`.replace(/^0+/, '')
  const digits = withoutZerosAtEnd(all)
  if (digits === '') return { negative: false, digits: '', exponent: 0n }
  const exponent = BigInt(power) - BigInt(fraction.length) + BigInt(all.length - digits.length)
  return { negative: sign === '-', digits, exponent }
}

/** One text for one value: `1.10`, `1.1` and `11e-1` are the same. Null: not a number. */
export const canonicalNumber = (text: string): string | null => {
  const decimal = decimalOf(text)
  if (decimal === null) return null
  return `${decimal.negative ? '-' : ''}${decimal.digits || '0'}e${decimal.exponent}`
}

/**
 * The canonical text of a number rounded to so many digits after the point, half away from zero as
 * PHP and SQL do: the digits as they are written, since 1.005 is less than that as a double. Null: not
 * a number.
 */
export const roundedNumber = (text: string, scale: number): string | null => {
  const decimal = decimalOf(text)
  if (decimal === null) return null
  const { negative, digits, exponent } = decimal
  const dropped = -BigInt(scale) - exponent
  if (dropped <= 0n) return canonicalNumber(text)
  if (dropped > digits.length) return canonicalNumber('0')
  const kept = digits.length - Number(dropped)
  const up = digits.charAt(kept) >= '5' ? 1n : 0n
  const whole = BigInt(digits.slice(0, kept) || '0') + up
  return canonicalNumber(`${negative ? '-' : ''}${whole}e-${scale}`)
}

/** A double has at most 17 significant digits; a number with more of them cannot survive one. */
const mostDigits = 17

/**
 * How two numbers differ. `spelling`: the same value, or decimals that only a double's rounding
 * tells apart. `precision`: different, but one and the same once read into a double, so that digits
 * were lost on the way. `value`: different.
 */
export const numberDifference = (
  a: string,
  b: string,
): 'same' | 'spelling' | 'precision' | 'value' => {
  if (a === b) return 'same'
  const [left, right] = [decimalOf(a), decimalOf(b)]
  if (left === null || right === null) return 'value'
  if (canonicalNumber(a) === canonicalNumber(b)) return 'spelling'
  const double = Number(a)
  if (double !== Number(b) || !Number.isFinite(double)) return 'value'
  const isWhole = left.exponent >= 0n || right.exponent >= 0n
  const isLong = Math.max(left.digits.length, right.digits.length) > mostDigits
  return isWhole || isLong ? 'precision' : 'spelling'
}

/** A whole number that may be beyond what a double holds; no text of digits needs more to be told. */
const largeWhole = /^-?[1-9]\d{15,63}$/

const isLeftOf = (whole: string, other: string): boolean => {
  const double = Number(whole)
  return String(double) === other || BigInt(double).toString() === other
}

/**
 * Whether one of two texts is what a double leaves of the other: a BIGINT that is sent as text, and
 * was a JavaScript number on the way. Texts that only are near each other are two ids.
 */
export const haveLostDigits = (a: string, b: string): boolean =>
  a !== b &&
  largeWhole.test(a) &&
  largeWhole.test(b) &&
  Number(a) === Number(b) &&
  (isLeftOf(a, b) || isLeftOf(b, a))

const pow10 = (power: number): bigint => 10n ** BigInt(power)

/** Beyond this a difference is computed in doubles: the integers would not fit into memory. */
const widest = 400

/** How far apart, as a double: exact decimals first, so that 0.30 and 0.10 differ by 0.2. */
export const distanceOf = (a: string, b: string): number => {
  const [left, right] = [decimalOf(a), decimalOf(b)]
  if (left === null || right === null) return Number.NaN
  const isWide = Math.max(left.digits.length, right.digits.length) > widest
  const [low, high] =
    left.exponent < right.exponent
      ? [left.exponent, right.exponent]
      : [right.exponent, left.exponent]
  if (isWide || high > widest || low < -widest) return Math.abs(Number(a) - Number(b))
  const scaled = ({ negative, digits, exponent }: Decimal): bigint =>
    BigInt(digits || '0') * pow10(Number(exponent - low)) * (negative ? -1n : 1n)
  const off = scaled(left) - scaled(right)
  return Number(`${off < 0n ? -off : off}e${low}`)
}

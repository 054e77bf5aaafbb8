import assert from 'node:assert/strict'
import {
  canonicalNumber,
  distanceOf,
  haveLostDigits,
  numberDifference,
  roundedNumber,
} from './number.ts'

const pairs: [string, string, ReturnType<typeof numberDifference>][] = [
  ['1.10', '1.10', 'same'],
  ['1.10', '1.1', 'spelling'],
  ['1.0', '1', 'spelling'],
  ['1.0e+25', '1e25', 'spelling'],
  ['1.0e-07', '0.0000001', 'spelling'],
  ['-0', '0', 'spelling'],
  ['0.1', '0.10000000000000001', 'spelling'],
  ['9007199254740993', '9007199254740992', 'precision'],
  ['123456789012.12345678901', '123456789012.12345678902', 'precision'],
  ['9007199254740991', '9007199254740990', 'value'],
  ['1e400', '1e401', 'value'],
  // RFC 8785 §3.2.2: numbers as they come, and as JavaScript writes them.
  ['333333333.33333329', '333333333.3333333', 'spelling'],
  ['1E30', '1e+30', 'spelling'],
  ['4.50', '4.5', 'spelling'],
  ['2e-3', '0.002', 'spelling'],
  ['0.000000000000000000000000001', '1e-27', 'spelling'],
  ['9007199254740994', '9.007199254740994e15', 'spelling'],
  ['1', '2', 'value'],
  ['0.1', '0.10000000149011612', 'value'],
]

// biome-ignore format: a table reads best as a table
const rounded: readonly (readonly [string, number, string])[] = [
  ['1.005',                2, '1.01'],
  ['-1.005',               2, '-1.01'],
  ['1.0049999999999999',   2, '1.00'],
  ['1005e-3',              2, '1.01'],
  ['-0.001',               2, '0'],
  ['0.005',                2, '0.01'],
  ['0.0005',               2, '0'],
  ['9.995',                2, '10'],
  ['12.5',                 0, '13'],
  ['9007199254740993.126', 2, '9007199254740993.13'],
  ['1e400',                2, '1e400'],
  ['5e-999999999',         2, '0'],
]

describe('numbers', () => {
  for (const [a, b, kind] of pairs) {
    it(`tells ${a} and ${b} apart by ${kind}, either way round`, () => {
      assert.equal(numberDifference(a, b), kind)
      assert.equal(numberDifference(b, a), kind)
    })
  }

  it('takes no leading zero, sign or point for a number', () => {
    for (const text of ['01234', '+1', '.5', '1.', '', 'NaN', '0x10', '1_000']) {
      assert.equal(canonicalNumber(text), null, text)
    }
  })

  it('knows what a double leaves of a large whole number, from two that are near each other', () => {
    for (const [whole, left] of [
      ['225179981675072935', '225179981675072930'],
      ['225179981675072935', '225179981675072928'],
      ['9007199254740993', '9007199254740992'],
      ['-9007199254740993', '-9007199254740992'],
    ] as const) {
      assert.equal(haveLostDigits(whole, left), true, whole)
      assert.equal(haveLostDigits(left, whole), true, left)
    }
    for (const [one, other] of [
      ['225179981675072935', '225179981675072936'],
      ['225179981675072935', '225179981675072935'],
      ['9007199254740993', '9007199254740994'],
      ['17', '18'],
      ['1234567890123456', '1234567890123457'],
      ['0225179981675072935', '0225179981675072930'],
    ] as const) {
      assert.equal(haveLostDigits(one, other), false, one)
    }
  })

  it('measures distances in decimals, not in doubles', () => {
    assert.equal(distanceOf('0.3', '0.1'), 0.2)
    assert.equal(distanceOf('9007199254740993', '9007199254740992'), 1)
    assert.equal(distanceOf('-1.5', '1.5'), 3)
  })

  for (const [text, scale, expected] of rounded)
    it(`rounds ${text} to ${expected} at scale ${scale}`, () => {
      assert.equal(roundedNumber(text, scale), canonicalNumber(expected))
    })

  it('reads a number of a million digits, and one of an exponent of a thousand', () => {
    assert.equal(canonicalNumber(`1${'0'.repeat(1_000_000)}`), '1e1000000')
    assert.equal(numberDifference(`${'0.'}${'0'.repeat(500_000)}1`, '0'), 'precision')
    assert.equal(canonicalNumber(`1e${'9'.repeat(1_000)}`), `1e${'9'.repeat(1_000)}`)
    assert.equal(distanceOf('1e999', '1'), Number.POSITIVE_INFINITY)
  })
})

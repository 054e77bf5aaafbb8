import assert from 'node:assert/strict'
import { canonicalNumber, distanceOf, numberDifference } from './number.ts'

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

  it('measures distances in decimals, not in doubles', () => {
    assert.equal(distanceOf('0.3', '0.1'), 0.2)
    assert.equal(distanceOf('9007199254740993', '9007199254740992'), 1)
    assert.equal(distanceOf('-1.5', '1.5'), 3)
  })

  it('reads a number of a million digits, and one of an exponent of a thousand', () => {
    assert.equal(canonicalNumber(`1${'0'.repeat(1_000_000)}`), '1e1000000')
    assert.equal(numberDifference(`${'0.'}${'0'.repeat(500_000)}1`, '0'), 'precision')
    assert.equal(canonicalNumber(`1e${'9'.repeat(1_000)}`), `1e${'9'.repeat(1_000)}`)
    assert.equal(distanceOf('1e999', '1'), Number.POSITIVE_INFINITY)
  })
})

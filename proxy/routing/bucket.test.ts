import assert from 'node:assert/strict'
import fc from 'fast-check'
import { bucketOf, inWeight, murmur3 } from './bucket.ts'

/** From Appleby's MurmurHash3.cpp, as published with several ports of it. */
const vectors: readonly (readonly [string, number, number])[] = [
  ['hello', 0, 0x248bfa47],
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['\0\0\0\0', 0, 0x2362f9de],
  ['aaaa', 0x9747b28c, 0x5a97808a],
  ['aaa', 0x9747b28c, 0x283e0130],
  ['aa', 0x9747b28c, 0x5d211726],
  ['a', 0x9747b28c, 0x7fa09ea6],
  ['abc', 0, 0xb3dd93fa],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['ππππππππ', 0x9747b28c, 0xd58063c1],
  ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
]

const callers = Array.from({ length: 20_000 }, (_, i) => `user-${i}`)
const count = (test: (caller: string) => boolean): number => callers.filter(test).length

/** Five standard deviations of a binomial share of the callers. */
const near = (found: number, share: number): void => {
  const expected = callers.length * share
  const margin = 5 * Math.sqrt(expected * (1 - share))
  assert.ok(Math.abs(found - expected) < margin, `${found} is not near ${expected} ± ${margin}`)
}

describe('murmur3', () => {
  for (const [text, seed, hash] of vectors) {
    it(`hashes "${text.replaceAll('\0', '\\0')}" with seed ${seed}`, () => {
      assert.equal(murmur3(text, seed).toString(16), hash.toString(16))
    })
  }
})

describe('inWeight', () => {
  const weights = fc.integer({ min: 0, max: 10_000 })

  it('only adds callers while the weight grows', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), weights, weights, (cohort, key, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a]
        assert.ok(!inWeight(cohort, key, less) || inWeight(cohort, key, more))
      }),
    )
  })

  it('takes nobody at 0 and everybody at 100 %', () => {
    assert.equal(
      count((key) => inWeight('cart', key, 0)),
      0,
    )
    assert.equal(
      count((key) => inWeight('cart', key, 10_000)),
      callers.length,
    )
  })

  it('is the threshold of the hash, to the last digit', () => {
    fc.assert(
      fc.property(fc.string(), weights, (key, weightBp) => {
        const hash = BigInt(murmur3(`cart:${key}`))
        assert.equal(inWeight('cart', key, weightBp), hash * 10_000n < BigInt(weightBp) << 32n)
      }),
    )
  })

  it('takes about its share', () => {
    for (const weightBp of [100, 1_000, 5_000]) {
      near(
        count((key) => inWeight('cart', key, weightBp)),
        weightBp / 10_000,
      )
    }
  })

  it('splits two cohorts independently and one cohort alike', () => {
    near(
      count((key) => inWeight('a', key, 1_000) && inWeight('b', key, 1_000)),
      0.01,
    )
    assert.equal(bucketOf('checkout', 'ana'), bucketOf('checkout', 'ana'))
  })
})

import { equal, ok } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { brotliCompressSync, constants } from 'node:zlib'
import { leastUnbrotlied } from './brotli-length.ts'

const packed = (bytes: Uint8Array, quality: number, window: number): Buffer =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: window,
    },
  })

/** Letters that do not repeat too soon. */
const text = (length: number): Buffer => Buffer.alloc(length, 'the quick brown fox, 0123456789; ')

describe('leastUnbrotlied', () => {
  for (const window of [10, 11, 15, 16, 17, 18, 22, 24])
    for (const quality of [0, 1, 5, 9])
      it(`never says more than there is: window ${window}, quality ${quality}`, () => {
        for (const length of [0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 1_000_000]) {
          const least = leastUnbrotlied(packed(text(length), quality, window))
          ok(least <= length, `${least} of ${length}`)
        }
      })

  it('tells the length of what comes in one piece', () => {
    for (const length of [1, 16, 17, 1_000, 65_536, 65_537, 1_048_577, 16_777_216])
      equal(leastUnbrotlied(packed(Buffer.alloc(length), 5, 24)), length)
  })

  it('tells of a bomb that it is one', () => {
    ok(leastUnbrotlied(packed(Buffer.alloc(2 ** 25), 5, 22)) > 2 ** 22)
  })

  it('says nothing of an end without data, nor of what is told besides the data', () => {
    // RFC 7932 §9: window 16, last, empty; window 16, not last, no nibbles of a length.
    for (const bits of [0b0000_0110, 0b0000_1100]) equal(leastUnbrotlied(Uint8Array.of(bits)), 0)
  })
})

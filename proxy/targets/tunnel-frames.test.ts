import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createFrames } from './tunnel-frames.ts'

/** One frame: RFC 6455 §5.2. */
const frame = (length: number, isMasked: boolean, opcode = 2): Buffer => {
  const short = length < 126 ? length : length < 65_536 ? 126 : 127
  const extended = Buffer.alloc(short < 126 ? 0 : short === 126 ? 2 : 8)
  if (short === 126) extended.writeUInt16BE(length)
  if (short === 127) extended.writeBigUInt64BE(BigInt(length))
  const head = Buffer.of(0x80 | opcode, (isMasked ? 0x80 : 0) | short)
  return Buffer.concat([head, extended, Buffer.alloc((isMasked ? 4 : 0) + length, 7)])
}

describe('createFrames', () => {
  for (const mask of [false, true])
    for (const length of [0, 1, 125, 126, 65_535, 65_536, 70_000])
      it(`finds the end of a ${mask ? 'masked ' : ''}frame of ${length} bytes, wherever it is cut`, () => {
        const bytes = Buffer.concat([frame(length, mask), frame(3, mask)])
        for (const at of [1, 2, 3, 9, 13, 14, 15, bytes.length - 1].filter(
          (n) => n < bytes.length,
        )) {
          const frames = createFrames()
          frames.read(bytes.subarray(0, at))
          assert.equal(frames.isBetween(), at === frame(length, mask).length, `cut at ${at}`)
          frames.read(bytes.subarray(at))
          assert.equal(frames.isBetween(), true)
        }
      })

  it('follows frames that come byte by byte', () => {
    const frames = createFrames()
    for (const byte of Buffer.concat([frame(130, true), frame(2, true)]))
      frames.read(Buffer.of(byte))
    assert.equal(frames.isBetween(), true)
  })

  it('takes nothing after a Close', () => {
    const frames = createFrames()
    frames.read(frame(2, false, 8))
    assert.equal(frames.isBetween(), false)
  })
})

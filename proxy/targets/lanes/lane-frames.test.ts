import { deepEqual, equal, throws } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createFrameReader, frameOf } from './lane-frames.ts'

const messages = [
  { is: 'ping' },
  { is: 'chunk', of: 3, bytes: new Uint8Array([1, 2, 3]) },
  {
    is: 'prepare',
    of: 3,
    terms: { kind: 'read', at: null, name: 'naïve ✓', big: 9007199254740993n },
  },
  { is: 'chunk', of: 3, bytes: new Uint8Array(70_000).fill(7) },
]

const stream = Buffer.concat(messages.map(frameOf))

describe('frames of a lane', () => {
  for (const size of [1, 3, 7, 65_536, stream.length]) {
    it(`are read from pieces of ${size} bytes`, () => {
      const heard: unknown[] = []
      const { read } = createFrameReader((message) => heard.push(message))
      for (let at = 0; at < stream.length; at += size) read(stream.subarray(at, at + size))
      deepEqual(heard, messages)
    })
  }

  it('are refused where they are too long to be any', () => {
    const { read } = createFrameReader(() => {})
    throws(() => read(Buffer.from('text, not frames')), RangeError)
  })

  it('are refused where they hold no message', () => {
    const { read } = createFrameReader(() => {})
    const frame = Buffer.from([0, 0, 0, 2, 1, 2])
    throws(() => read(frame))
  })

  it('are heard as soon as they are whole', () => {
    const heard: unknown[] = []
    const { read } = createFrameReader((message) => heard.push(message))
    const first = frameOf(messages[0])
    read(Buffer.concat([first, first.subarray(0, 2)]))
    equal(heard.length, 1)
  })
})

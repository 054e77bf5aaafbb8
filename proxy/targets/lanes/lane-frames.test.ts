import { deepEqual, equal, throws } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createFrameReader, createFrameWriter, frameOf } from './lane-frames.ts'

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

/** A socket that keeps what is written. */
const createSink = () => {
  const written: Uint8Array[] = []
  return { written, writable: true, write: (bytes: Uint8Array) => written.push(bytes) }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the writer of frames', () => {
  it('writes what is said in one turn at once, and in order', async () => {
    const sink = createSink()
    const { post } = createFrameWriter(sink)
    for (const message of messages.slice(0, 3)) post(message)
    equal(sink.written.length, 0)
    await turn()
    deepEqual(sink.written, [Buffer.concat(messages.slice(0, 3).map(frameOf))])
  })

  it('does not copy what is long', async () => {
    const sink = createSink()
    const { post } = createFrameWriter(sink)
    for (const message of messages) post(message)
    await turn()
    equal(sink.written.length, messages.length)
    deepEqual(Buffer.concat(sink.written), stream)
  })

  it('writes at once what cannot wait, and nothing twice', async () => {
    const sink = createSink()
    const { post, flush } = createFrameWriter(sink)
    post(messages[0])
    flush()
    equal(sink.written.length, 1)
    await turn()
    post(messages[1])
    await turn()
    deepEqual(Buffer.concat(sink.written), Buffer.concat(messages.slice(0, 2).map(frameOf)))
  })

  it('drops what nobody can take any more', async () => {
    const sink = { ...createSink(), writable: false }
    createFrameWriter(sink).post(messages[0])
    await turn()
    equal(sink.written.length, 0)
  })
})

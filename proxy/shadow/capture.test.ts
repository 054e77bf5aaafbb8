import assert from 'node:assert/strict'
import { createFeed, wholeBody } from '../targets/body.ts'
import { failure } from '../targets/failure.ts'
import type { Sink } from '../targets/send.ts'
import { createShadowBudget, type ShadowBudget } from './budget.ts'
import { type Capture, capturedBody, createCapture, teeBody } from './capture.ts'

const setUp = (limit = 100, memoryBytes = 1_000) => {
  const budget: ShadowBudget = createShadowBudget({ queue: 1, memoryBytes })
  const hold = budget.hold()
  let lost = 0
  const capture: Capture = createCapture(limit, hold, () => {
    lost += 1
  })
  return { budget, hold, capture, losses: () => lost }
}

const source = { pause() {}, resume() {}, cancel() {} }

/** Wants a pause after every chunk. */
const slowSink = () => {
  const got: string[] = []
  const sink: Sink = {
    write(chunk) {
      got.push(Buffer.from(chunk).toString())
      return false
    },
    end: () => void got.push('end'),
    fail: () => void got.push('fail'),
  }
  return { got, sink }
}
const text = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString()

describe('teeBody', () => {
  it('copies what passes, and leaves the pace to whoever reads', () => {
    const { capture, budget } = setUp()
    const feed = createFeed(null, source)
    const { got, sink } = slowSink()
    const body = teeBody(feed.body, capture)
    assert.deepEqual([body.length, body.whole, body.opened], [null, null, false])
    body.flow(sink)
    assert.ok(body.opened)
    assert.equal(feed.write(Buffer.from('ab')), false)
    feed.write(Buffer.from('cd'))
    feed.end(['x-t', '1'])
    assert.deepEqual(got, ['ab', 'cd', 'end'])
    assert.equal(text(capture.bytes()), 'abcd')
    assert.deepEqual(capture.trailers, ['x-t', '1'])
    assert.equal(budget.bytes, 4)
  })

  it('keeps a whole body without another copy of it, however often it flows', () => {
    const { capture, budget } = setUp()
    const bytes = Buffer.from('abc')
    const body = teeBody(wholeBody(bytes), capture)
    body.flow(slowSink().sink)
    body.flow(slowSink().sink)
    assert.equal(text(capture.bytes()), 'abc')
    assert.equal(budget.bytes, 3)
    assert.equal(body.whole, bytes)
  })

  it('finds an upload that was all here before anybody asked for it', () => {
    const { capture } = setUp()
    const feed = createFeed(2, source)
    const body = teeBody(feed.body, capture)
    feed.write(Buffer.from('ab'))
    feed.end([])
    assert.equal(text(body.whole), 'ab')
    body.flow(slowSink().sink)
    assert.equal(text(capturedBody(feed.body, capture)), 'ab')
  })

  it('drops a body that is longer than its limit, gives its memory back, and lets it pass', () => {
    const { capture, budget, losses } = setUp(3)
    const feed = createFeed(null, source)
    const { got, sink } = slowSink()
    teeBody(feed.body, capture).flow(sink)
    feed.write(Buffer.from('ab'))
    feed.write(Buffer.from('cd'))
    feed.write(Buffer.from('ef'))
    feed.end([])
    assert.deepEqual(got, ['ab', 'cd', 'ef', 'end'])
    assert.deepEqual([capture.bytes(), capture.lost, capture.length], [null, 'limit', 6])
    assert.deepEqual([budget.bytes, losses()], [0, 1])
  })

  it('keeps pieces of all lengths in their order', () => {
    const { capture } = setUp(1_000_000, 1_000_000)
    const lengths = [1, 255, 1, 2_000, 3, 1_023, 1_024, 1_025, 0, 7, 70_000, 900, 900, 5]
    const sent = lengths.map((length, at) => Buffer.alloc(length, 97 + at))
    for (const chunk of sent) {
      const passing = Buffer.from(chunk)
      capture.write(passing)
      // Its memory may be used again for what comes next.
      if (chunk.length < 1_024) passing.fill(0)
    }
    capture.end([])
    assert.equal(text(capture.bytes()), Buffer.concat(sent).toString())
    assert.equal(text(capture.bytes()), Buffer.concat(sent).toString())
  })

  it('takes little more memory than its bytes, however short the pieces are that a client sends', () => {
    const length = 250_000
    const { capture, budget } = setUp(length, length)
    const piece = Buffer.from('a')
    const before = process.memoryUsage()
    for (let at = 0; at < length; at++) capture.write(piece)
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    const taken = heapUsed - before.heapUsed + arrayBuffers - before.arrayBuffers
    assert.ok(taken < 8 * length, `${taken} bytes for ${length}`)
    capture.end([])
    assert.equal(capture.bytes()?.length, length)
    assert.equal(budget.bytes, length)
  })

  it('drops a body for which there is no memory', () => {
    const { capture, budget } = setUp(100, 3)
    capture.write(Buffer.from('ab'))
    capture.write(Buffer.from('cd'))
    assert.deepEqual([capture.bytes(), capture.lost, budget.bytes], [null, 'memory', 0])
  })

  it('has nothing of a body that broke off', () => {
    const { capture } = setUp()
    const feed = createFeed(null, source)
    const { got, sink } = slowSink()
    teeBody(feed.body, capture).flow(sink)
    feed.write(Buffer.from('ab'))
    feed.fail(failure('http_response_incomplete', 'legacy', 'unknown'))
    assert.deepEqual(got, ['ab', 'fail'])
    assert.equal(capture.bytes(), null)
  })

  it('gives back all that it holds at the end', () => {
    const { capture, hold, budget } = setUp()
    assert.ok(hold.enter())
    capture.write(Buffer.from('ab'))
    hold.end()
    hold.end()
    assert.deepEqual([budget.bytes, budget.waiting], [0, 0])
  })
})

describe('what a body holds', () => {
  it('is taken by nobody once its sample is over, however long the body still flows', () => {
    const { capture, hold, budget } = setUp(10)
    capture.write(Buffer.from('abcd'))
    hold.end()
    assert.equal(budget.bytes, 0)
    capture.write(Buffer.from('efgh'))
    capture.write(Buffer.from('longer than its limit'))
    assert.deepEqual([hold.enter(), budget.bytes, budget.waiting], [false, 0, 0])
  })
})

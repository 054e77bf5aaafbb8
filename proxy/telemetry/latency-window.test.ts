import assert from 'node:assert/strict'
import { createLatencyWindow } from './latency-window.ts'

const near = (actual: number | null, expected: number): void => {
  assert.ok(actual !== null && actual >= expected / 1.25 && actual <= expected * 1.25, `${actual}`)
}

describe('latency window', () => {
  it('says nothing of nothing', () => {
    assert.deepEqual(createLatencyWindow().read(0), { count: 0, p50Ms: null, p99Ms: null })
  })

  it('finds median and tail to the nearest fifth', () => {
    const window = createLatencyWindow()
    for (let ms = 1; ms <= 1_000; ms += 1) window.record(ms, 5_000)
    const { count, p50Ms, p99Ms } = window.read(5_000)
    assert.equal(count, 1_000)
    near(p50Ms, 500)
    near(p99Ms, 990)
  })

  it('takes what is faster or slower than its scale', () => {
    const window = createLatencyWindow()
    for (const ms of [0, 0.0001, 10_000_000]) window.record(ms, 0)
    assert.equal(window.read(0).count, 3)
  })

  it('forgets what is older than a minute', () => {
    const window = createLatencyWindow()
    window.record(10, 0)
    window.record(10, 59_000)
    assert.equal(window.read(59_000).count, 2)
    assert.equal(window.read(75_000).count, 1)
    assert.equal(window.read(200_000).count, 0)
  })

  it('starts a slot anew when its turn comes again', () => {
    const window = createLatencyWindow()
    window.record(10, 0)
    window.record(10, 70_000)
    assert.equal(window.read(70_000).count, 1)
  })
})

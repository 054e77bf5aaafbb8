import assert from 'node:assert/strict'
import { restartDelayMs } from './restart-delay.ts'

describe('the wait before a worker begins again', () => {
  it('is nothing at first, then a second and twice as much each time, up to five minutes', () => {
    const waits = [1, 2, 3, 4, 10, 11, 40, 5_000].map(restartDelayMs)
    assert.deepEqual(waits, [0, 1_000, 2_000, 4_000, 256_000, 300_000, 300_000, 300_000])
  })
})

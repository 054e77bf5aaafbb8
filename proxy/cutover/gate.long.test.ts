import assert from 'node:assert/strict'
import { simulateGate } from './simulated-gate.ts'

describe('the gate over very many runs', () => {
  it('promotes what is exactly at 0.1 % with no more than its chance, looked at all the time', () => {
    const about = { limit: 0.001, chance: 0.01, every: 50, trials: 60_000, rate: 0.001 }
    const { promoted } = simulateGate({ ...about, runs: 1_000 })
    assert.ok(promoted.length <= 18, `${promoted.length}`)
  }).timeout(300_000)

  it('promotes clean traffic, and most of what is at half its limit', () => {
    const about = { limit: 0.001, chance: 0.01, every: 200, trials: 60_000 }
    assert.equal(simulateGate({ ...about, runs: 100, rate: 0 }).promoted.length, 100)
    const half = simulateGate({ ...about, runs: 300, rate: 0.0005 })
    assert.ok(half.promoted.length >= 225, `${half.promoted.length}`)
    assert.ok(half.failed.length <= 3, `${half.failed.length}`)
  }).timeout(300_000)
})

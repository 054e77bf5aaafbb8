import { strict as assert } from 'node:assert'
import { createFallbackBudget } from './fallback-budget.ts'

describe('fallback budget', () => {
  const spend = (requests: number, steps: readonly number[]): number[] => {
    let nowMs = 0
    const budget = createFallbackBudget(() => nowMs)
    for (let each = 0; each < requests; each++) budget.request()
    return steps.map((ms) => {
      nowMs = ms
      let taken = 0
      while (taken < 1_000 && budget.take()) taken++
      return taken
    })
  }
  const rows: readonly (readonly [string, number, readonly number[], readonly number[]])[] = [
    ['allows ten however few the requests are', 0, [0], [10]],
    ['allows a fifth of the requests', 500, [0], [100]],
    ['forgets requests and repeats after ten seconds', 500, [0, 9_999, 10_000], [100, 0, 10]],
    ['survives a long silence', 500, [0, 3_600_000], [100, 10]],
  ]
  for (const [title, requests, steps, expected] of rows) {
    it(title, () => assert.deepEqual(spend(requests, steps), expected))
  }
})

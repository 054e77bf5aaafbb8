import assert from 'node:assert/strict'
import { createRepeatBudget } from './repeat-budget.ts'

/** How many repeats there are now. */
const drain = ({ take }: { take(): boolean }): number => {
  let count = 0
  while (take()) count += 1
  return count
}

describe('createRepeatBudget', () => {
  it('begins with twenty, so that the first mismatch can be confirmed', () => {
    assert.equal(drain(createRepeatBudget(() => 0)), 20)
  })

  it('earns its share of the requests, and holds no more than twenty', () => {
    const budget = createRepeatBudget(() => 0)
    drain(budget)
    for (let at = 0; at < 500; at += 1) budget.earn(200)
    assert.equal(drain(budget), 10)
    for (let at = 0; at < 5_000; at += 1) budget.earn(200)
    assert.equal(drain(budget), 20)
  })

  it('earns one in ten seconds where nobody asks for anything', () => {
    let nowMs = 0
    const budget = createRepeatBudget(() => nowMs)
    drain(budget)
    nowMs = 35_000
    assert.equal(drain(budget), 3)
    nowMs = 40_000
    assert.equal(drain(budget), 1)
  })
})

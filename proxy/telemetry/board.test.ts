import assert from 'node:assert/strict'
import { createBoard } from './board.ts'

describe('board', () => {
  it('adds up what a route has seen', () => {
    const board = createBoard(() => 0)
    board.record('a', { target: 'legacy', ms: 10, failed: false, fallback: false })
    board.record('a', { target: 'legacy', ms: 10, failed: false, fallback: true })
    board.record('a', { target: 'banyan', ms: 1, failed: true, fallback: false })
    const { requests, failed, fallbacks, latency } = board.read('a')
    assert.deepEqual(requests, { legacy: 2, modern: 0, banyan: 1 })
    assert.deepEqual([failed, fallbacks], [1, 1])
    assert.equal(latency.legacy.count, 2)
    assert.equal(latency.modern.p50Ms, null)
  })

  it('shows zeroes for a route without traffic, and for one it was told to forget', () => {
    const board = createBoard(() => 0)
    board.record('a', { target: 'modern', ms: 10, failed: false, fallback: false })
    board.drop(new Set(['a']))
    assert.deepEqual(board.read('a'), board.read('never'))
  })
})

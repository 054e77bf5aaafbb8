import assert from 'node:assert/strict'
import { writesFacts } from './writes-view.ts'

describe('why writes of a route are not told', () => {
  it('is nothing where all is told', () => {
    assert.deepEqual(writesFacts(null), [])
  })

  it('is the problem of the last samples, and in words what is left out', () => {
    const problem = { reason: 'twin_stale', detail: 'the twin is older', samples: 2 } as const
    assert.deepEqual(writesFacts({ problem, leftOut: { no_binlog: 12, younger: 1 } }), [
      ['writes', 'twin_stale: the twin is older (the last 2 samples)'],
      [
        'writes left out',
        'no_binlog 12: it ran in a cage, and nobody read the binary log that tells what legacy wrote (shadow.database.binlog)',
      ],
      ['writes left out', 'younger 1'],
    ])
  })
})

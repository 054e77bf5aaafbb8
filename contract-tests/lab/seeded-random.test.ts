import assert from 'node:assert/strict'
import { createSeededRandom } from './seeded-random.ts'

describe('createSeededRandom', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const draw = (seed: number): readonly number[] => {
      const random = createSeededRandom(seed)
      return Array.from({ length: 20 }, () => random.int(0, 1_000_000))
    }
    assert.deepEqual(draw(7), draw(7))
    assert.notDeepEqual(draw(7), draw(8))
  })

  it('reaches both ends of a range and nothing beyond', () => {
    const random = createSeededRandom(1)
    const drawn = new Set(Array.from({ length: 500 }, () => random.int(3, 6)))
    assert.deepEqual([...drawn].sort(), [3, 4, 5, 6])
  })

  it('takes a share of chances', () => {
    const random = createSeededRandom(1)
    const hits = Array.from({ length: 2000 }, () => random.chance(0.25)).filter(Boolean).length
    assert.ok(hits > 400 && hits < 600, String(hits))
  })

  it('refuses to pick from an empty list', () => {
    assert.throws(() => createSeededRandom(1).pick([]), RangeError)
  })
})

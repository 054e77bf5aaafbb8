import assert from 'node:assert/strict'
import { mergeNoise } from './merge-noise.ts'
import type { NoiseCount } from './noise-ledger.ts'
import { anyOf } from './shape.ts'

const place = (part: Partial<NoiseCount> = {}): NoiseCount => ({
  ...{ pattern: '/at', kind: 'value', shape: anyOf('time'), spreadMs: 5, types: ['string'] },
  ...{ seen: 2, ...part },
})

describe('mergeNoise', () => {
  it('adds up what processes have seen at one place in one way', () => {
    const { repeats, places } = mergeNoise([
      { repeats: 3, places: [place(), place({ kind: 'order', shape: null })] },
      { repeats: 4, places: [place({ seen: 4, spreadMs: 9, types: ['null'] })] },
    ])
    assert.equal(repeats, 7)
    assert.deepEqual(
      places.map(({ kind, seen, spreadMs, types }) => [kind, seen, spreadMs, types]),
      [
        ['value', 6, 9, ['string', 'null']],
        ['order', 2, 5, ['string']],
      ],
    )
  })

  it('comes to the widest form, and forgets neither few values nor a hidden name', () => {
    const few = { ...anyOf('uuid'), values: [] }
    const { places } = mergeNoise([
      { repeats: 1, places: [place({ shape: few, isHidden: true })] },
      { repeats: 1, places: [place({ shape: anyOf('time'), isHidden: false })] },
    ])
    assert.deepEqual(places[0]?.shape, { name: 'text', detail: null, values: [] })
    assert.equal(places[0]?.isHidden, true)
  })

  it('stays bounded: the most frequent places are kept', () => {
    const many = Array.from({ length: 900 }, (_, at) => place({ pattern: `/p${at}`, seen: at }))
    const { places } = mergeNoise([{ repeats: 900, places: many }])
    assert.deepEqual([places.length, places[0]?.seen], [500, 899])
  })
})

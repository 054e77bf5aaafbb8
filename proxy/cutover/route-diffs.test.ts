import assert from 'node:assert/strict'
import { plainEvidence, plainExemplar } from '../store/plain-records.ts'
import type { Evidence, PlaceCount } from './evidence.ts'
import { type RouteDiffs, routeDiffs } from './route-diffs.ts'
import { routeVerdicts } from './route-verdicts.ts'

const place = (part: Partial<PlaceCount>): PlaceCount => ({
  ...{ pattern: '/a', kind: 'value', severity: 'major', as: 'difference', rule: null, count: 1 },
  ...{ modernAlone: 0, legacyAlone: 0 },
  ...part,
})
const diffsOf = (places: readonly PlaceCount[], more: Partial<Evidence> = {}): RouteDiffs => {
  const evidence = plainEvidence({ places, ...more })
  const verdicts = routeVerdicts(evidence, { effects: 'read' }, {}, 2_000)
  const exemplars = [plainExemplar({ id: 'new' }), plainExemplar({ id: 'sure', confirmed: true })]
  return routeDiffs({ evidence, verdicts, rules: [], exemplars, today: '2026-01-01' })
}

describe('the differences of a route', () => {
  it('stand with what counts first, the gravest and most frequent of these before others', () => {
    const { places } = diffsOf([
      place({ pattern: '/noise', as: 'noise', severity: 'breaking' }),
      place({ pattern: '/rare' }),
      place({ pattern: '/often', count: 9 }),
      place({ pattern: '/worst', severity: 'breaking' }),
      place({ pattern: '/ruled', as: 'excused', rule: 'php#1' }),
    ])
    assert.deepEqual(
      places.map(({ pattern }) => pattern),
      ['/worst', '/often', '/rare', '/ruled', '/noise'],
    )
    assert.deepEqual(places[3]?.rule, { id: 'php#1', why: null })
  })

  it('have an example of this epoch, a confirmed one where there is one', () => {
    const id = place({ pattern: '/articles/*/id', kind: 'precision', severity: 'breaking' })
    assert.deepEqual(diffsOf([id]).places[0]?.example, {
      id: 'sure',
      path: '/articles/0/id',
      legacy: '9007199254740993',
      modern: '9007199254740992',
    })
    assert.equal(diffsOf([id]).places[0]?.confirmed, true)
    assert.equal(diffsOf([id], { epoch: 'e2' }).places[0]?.example, null)
  })

  it('carry what A/A requests saw of their place, counted once', () => {
    const alone = place({ as: 'noise', count: 0, modernAlone: 3, legacyAlone: 1 })
    const { places } = diffsOf([place({ count: 5 }), alone])
    assert.deepEqual(
      places.map(({ count, modernAlone, legacyAlone }) => [count, modernAlone, legacyAlone]),
      [[5, 3, 1]],
    )
    assert.equal(diffsOf([alone]).places.length, 1)
  })
})

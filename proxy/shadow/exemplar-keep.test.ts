import assert from 'node:assert/strict'
import { plainExemplar } from '../store/plain-records.ts'
import { createExemplarKeep } from './exemplar-keep.ts'
import type { Exemplar } from './finding.ts'

const made = (id: string, part: Partial<Exemplar> = {}): Exemplar => plainExemplar({ id, ...part })
const ids = (all: readonly Exemplar[]): readonly string[] => all.map(({ id }) => id)

describe('the exemplars in memory', () => {
  it('are found by route, outcome and place, the newest first', () => {
    const keep = createExemplarKeep()
    keep.put(made('a'))
    keep.put(made('b', { outcome: 'equivalent', comparison: null }))
    keep.put(made('c', { route: 'other' }))
    assert.deepEqual(ids(keep.find({})), ['c', 'b', 'a'])
    assert.deepEqual(ids(keep.find({ route: 'articles.list' })), ['b', 'a'])
    assert.deepEqual(ids(keep.find({ outcome: 'equivalent' })), ['b'])
    assert.deepEqual(ids(keep.find({ pattern: '/articles/*/id', limit: 1 })), ['c'])
    assert.equal(keep.get('a')?.id, 'a')
    assert.equal(keep.get('z'), null)
  })

  it('are kept for each route, though clients have named them alike', () => {
    const keep = createExemplarKeep()
    keep.put(made('a'))
    keep.put(made('a', { route: 'other' }))
    assert.deepEqual(ids(keep.find({})), ['a', 'a'])
    assert.equal(keep.get('a')?.route, 'other')
    assert.equal(keep.get('a', 'articles.list')?.route, 'articles.list')
  })

  it('are few of a kin, and what is confirmed stays', () => {
    const keep = createExemplarKeep({ ofKin: 2, inAll: 100, bytes: 1e9 })
    keep.put(made('first', { confirmed: true }))
    for (const id of ['a', 'b', 'c']) keep.put(made(id))
    keep.put(made('rare', { outcome: 'shadow_error', comparison: null }))
    assert.deepEqual(ids(keep.find({})), ['rare', 'c', 'first'])
  })

  it('are bounded in number and in bytes', () => {
    const few = createExemplarKeep({ ofKin: 9, inAll: 2, bytes: 1e9 })
    for (const id of ['a', 'b', 'c']) few.put(made(id))
    assert.deepEqual(ids(few.find({})), ['c', 'b'])
    const body = new Uint8Array(100_000)
    const light = createExemplarKeep({ ofKin: 9, inAll: 9, bytes: 250_000 })
    for (const id of ['a', 'b', 'c'])
      light.put(made(id, { request: { method: 'PUT', url: '/', headers: [], body } }))
    assert.deepEqual(ids(light.find({})), ['c', 'b'])
  })

  it('hold one of an id', () => {
    const keep = createExemplarKeep()
    keep.put(made('a'))
    keep.put(made('a', { confirmed: true }))
    assert.deepEqual(
      keep.find({}).map(({ confirmed }) => confirmed),
      [true],
    )
  })
})

import assert from 'node:assert/strict'
import type { Evidence } from '../cutover/evidence.ts'
import { createEvidenceBook, type RouteEpoch } from './evidence-book.ts'
import type { Tally } from './finding.ts'

const tally = (epoch: string, fingerprint: string): Tally => ({
  ...{ route: 'a.b', epoch, primary: 'legacy', shadow: 'modern', outcome: 'identical' },
  ...{ reason: null, confirmed: false, at: 5, shape: 'GET', fingerprint, places: [] },
  ...{ discordant: null, legacyMs: 1, modernMs: 2 },
})
const epoch = (name: string, rules: unknown): ReadonlyMap<string, RouteEpoch> =>
  new Map([['a.b', { epoch: name, about: { build: null, rules, legacy: null, modern: null } }]])

const open = () => {
  const stored: Evidence[] = []
  const put = (evidence: Evidence): void => void stored.push(evidence)
  const book = createEvidenceBook({ instance: 'here', wallNow: () => 1, put })
  return { book, stored }
}

describe('createEvidenceBook', () => {
  it('counts what is told of the present epoch, and hands over what has changed', async () => {
    const { book, stored } = open()
    book.use(epoch('e1', []))
    assert.equal(book.evidence('a.b'), null)
    book.add(tally('e1', 'x'))
    book.add(tally('e0', 'y'))
    await book.flush()
    await book.flush()
    assert.equal(stored.length, 1)
    assert.deepEqual([stored[0]?.trials, stored[0]?.instance], [1, 'here'])
    assert.equal(book.evidence('a.b')?.outcomes.identical, 1)
  })

  it('hands over a route at a time: what else is to be done gets its turn between two of them', async () => {
    const { book, stored } = open()
    const [first] = epoch('e1', []).values()
    assert.ok(first !== undefined)
    book.use(new Map(['a.b', 'c.d'].map((route) => [route, first])))
    for (const route of book.routes()) book.add({ ...tally('e1', 'x'), route })
    const flushed = book.flush()
    assert.equal(stored.length, 1)
    await flushed
    assert.deepEqual(
      stored.map(({ route }) => route),
      ['a.b', 'c.d'],
    )
  })

  it('keeps its count through a reload that changes nothing of the route', () => {
    const { book } = open()
    book.use(epoch('e1', []))
    book.add(tally('e1', 'x'))
    book.use(epoch('e1', []))
    book.add(tally('e1', 'y'))
    assert.equal(book.evidence('a.b')?.trials, 2)
  })

  it('goes on where it left off once a change is taken back, or the route is shadowed again', async () => {
    const { book, stored } = open()
    book.use(epoch('e1', []))
    book.add(tally('e1', 'x'))
    book.use(epoch('e2', [1]))
    book.add(tally('e2', 'x'))
    book.use(new Map())
    await book.flush()
    assert.deepEqual(stored.map(({ epoch }) => epoch).toSorted(), ['e1', 'e2'])
    book.use(epoch('e1', []))
    book.add(tally('e1', 'y'))
    await book.flush()
    assert.equal(stored.at(-1)?.trials, 2)
    assert.equal(book.evidence('a.b')?.resetReason, null)
  })

  it('begins from zero in another epoch, and says why', () => {
    const { book } = open()
    book.use(epoch('e1', []))
    book.add(tally('e1', 'x'))
    book.use(epoch('e2', ['another']))
    assert.equal(book.evidence('a.b'), null)
    book.add(tally('e1', 'late'))
    book.add(tally('e2', 'x'))
    const { trials, resetReason } = book.evidence('a.b') ?? {}
    assert.equal(trials, 1)
    assert.match(resetReason ?? '', /the rules of the comparison changed/)
  })
})

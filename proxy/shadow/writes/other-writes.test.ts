import { deepEqual, equal, throws } from 'node:assert/strict'
import { plainRoute } from '../../routing/plain-route.ts'
import type { Reservation } from '../../serve.ts'
import { createOtherWrites, ownWrites, withOtherWrites } from './other-writes.ts'
import type { WritesReport } from './report.ts'
import type { TakenSnapshot } from './taken-snapshot.ts'

const report: WritesReport = {
  ...{ kind: 'capture', problem: null, rows: 1, isOfAll: true },
  differences: [{ place: 'a/insert', kind: 'extra', legacy: null, modern: 'insert' }],
}
const taken = (of: WritesReport): TakenSnapshot => ({
  standing: null,
  within: () => async () => {
    throw new Error('nobody asks')
  },
  whyNot: async () => null,
  report: async () => of,
  release() {},
})

describe('what others write meanwhile', () => {
  /** What happens between the copy and the look, and whether the writes are this one's own. */
  const cases: readonly [string, boolean, (begin: () => () => void) => void][] = [
    ['nothing', true, () => {}],
    ['another request that begins', false, (begin) => void begin()],
    ['another request that comes and goes', false, (begin) => begin()()],
  ]
  for (const [what, isOwn, happen] of cases)
    it(`is ${isOwn ? 'nothing' : 'told from nobody'}'s for ${what}`, async () => {
      const others = createOtherWrites(true)
      const end = others.begin()
      const judged: string[] = []
      const own = ownWrites(taken(report), others.watch(), (by) => judged.push(by))
      end()
      happen(others.begin)
      const found = await own.report()
      deepEqual(judged, [isOwn ? 'copies' : 'nothing'])
      deepEqual(
        [found?.differences.length, found?.leftOut],
        isOwn ? [1, undefined] : [0, 'other_writes'],
      )
    })

  it('is unknown where another one was under way before', async () => {
    const others = createOtherWrites(true)
    const ends = [others.begin(), others.begin()]
    const own = ownWrites(taken(report), others.watch())
    for (const end of ends) end()
    equal((await own.report())?.leftOut, 'other_writes')
  })

  it('is unknown where other processes serve', async () => {
    const others = createOtherWrites(false)
    others.begin()
    equal((await ownWrites(taken(report), others.watch()).report())?.leftOut, 'other_writes')
  })

  it('is of no matter to a report of rows that only this one wrote', async () => {
    const { isOfAll: _, ...rows } = report
    const others = createOtherWrites(false)
    equal((await ownWrites(taken(rows), others.watch()).report())?.differences.length, 1)
  })

  it('counts what does not say that it reads, from its place to its end', () => {
    const shadow: Reservation = { request: {} as never, tee: (answer) => answer, settle() {} }
    for (const found of [null, shadow])
      for (const effects of ['read', 'write', null] as const) {
        const others = createOtherWrites(true)
        others.begin()
        const isAlone = others.watch()
        const decision = { route: plainRoute('a.b', { effects }) } as never
        const place = withOtherWrites(others, () => found)(decision, {} as never)
        equal(isAlone(), effects === 'read')
        equal(place === null, effects === 'read' && found === null)
        place?.settle({} as never)
        others.begin()
      }
  })

  it('is over where its exchange fails, and where no place can be had', () => {
    const others = createOtherWrites(true)
    const decision = { route: plainRoute('a.b', { effects: 'write' }) } as never
    const fail = (): never => {
      throw new Error('no place')
    }
    throws(() => withOtherWrites(others, fail)(decision, {} as never), /no place/)
    const place = withOtherWrites(others, () => null)(decision, {} as never)
    place?.release?.()
    place?.release?.()
    others.begin()
    equal(others.watch()(), true)
    others.begin()
    equal(others.watch()(), false)
  })
})

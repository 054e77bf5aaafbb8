import assert from 'node:assert/strict'
import type { Evidence } from '../cutover/evidence.ts'
import { plainEvidence } from '../store/plain-records.ts'
import type { EvidenceBook } from './evidence-book.ts'
import { createFleetEvidence, type FleetEvidence } from './fleet-evidence.ts'

const own = plainEvidence({ instance: 'here', trials: 4 })

const bookOf = (evidence: Evidence): EvidenceBook => ({
  add() {},
  use() {},
  async flush() {},
  evidence: () => evidence,
  peek: () => evidence,
  routes: () => [evidence.route],
})

describe('the evidence of a fleet', () => {
  let clock = 0
  const open = (
    readEvidence: () => Promise<readonly Evidence[]>,
    counted: Evidence = own,
  ): FleetEvidence =>
    createFleetEvidence({
      book: bookOf(counted),
      store: { readEvidence },
      instance: 'here',
      now: () => clock,
    })

  it('is what this process and every other one has counted in this epoch', async () => {
    const stored = [
      plainEvidence({ instance: 'there', trials: 5 }),
      plainEvidence({ instance: 'here', trials: 3 }),
      plainEvidence({ instance: 'before', epoch: 'e0', trials: 100 }),
    ]
    const fleet = open(async () => stored)
    assert.equal(fleet.read('articles.list'), null)
    await fleet.refresh()
    const { trials, instance } = fleet.read('articles.list') ?? {}
    assert.deepEqual([trials, instance], [9, 'here there'])
    assert.deepEqual(fleet.routes(), ['articles.list'])
  })

  it('says what has changed since the epoch before, in whichever process that was', async () => {
    const parts = { build: 'b', rules: 'r', legacy: 'l', modern: 'm' }
    const mine = { ...own, since: 1_000, parts: { ...parts, build: 'c' } }
    const before = plainEvidence({ instance: 'before', epoch: 'e0', since: 500, parts })
    const older = { ...before, epoch: 'e', last: 600, parts: { ...parts, build: 'c' } }
    const later = { ...before, epoch: 'e2', since: 2_000, parts: { ...parts, modern: 'n' } }
    const reasons = await Promise.all(
      [[], [later], [older, before, later]].map(async (stored) => {
        const fleet = open(async () => stored, mine)
        await fleet.refresh()
        return fleet.read('articles.list')?.resetReason
      }),
    )
    const changed = 'evidence starts anew: the build of the handlers changed'
    assert.deepEqual(reasons, [null, null, changed])
  })

  it('is what this process has counted while the store is away or holds what nobody can read', async () => {
    const odd = { ...plainEvidence({ instance: 'there' }), shapes: null } as unknown as Evidence
    for (const read of [() => Promise.reject(new Error('away')), async () => [odd]]) {
      const fleet = open(read)
      await fleet.refresh()
      assert.equal(fleet.read('articles.list')?.trials, 4)
    }
  })

  it('asks the store no more often than every five seconds', async () => {
    let asked = 0
    const fleet = open(async () => {
      asked++
      return []
    })
    await Promise.all([fleet.refresh(), fleet.refresh()])
    clock += 2_000
    await fleet.refresh()
    assert.equal(asked, 1)
    clock += 5_000
    await fleet.refresh()
    assert.equal(asked, 2)
  })
})

import assert from 'node:assert/strict'
import type { BinlogFinding } from './binlog/binlog-messages.ts'
import { moment } from './moment.ts'
import { emptyOverlay } from './overlay.ts'
import type { WritesReport } from './report.ts'
import { createTakenSnapshot, type JudgedBy } from './taken-snapshot.ts'

const byState: WritesReport['differences'] = [
  { place: 'articles/insert', kind: 'extra', legacy: null, modern: 'insert' },
]
const byLog: WritesReport['differences'] = [
  { place: 'audits/insert', kind: 'missing', legacy: 'insert', modern: null },
]

const report: WritesReport = {
  ...{ kind: 'capture', problem: null, rows: 1, differences: byState },
  intended: { overlay: emptyOverlay, server: 'a', zone: 'SYSTEM', snapshot: null },
}

interface Told {
  readonly whyNot: string | null
  readonly reason: string | null
  readonly differences: WritesReport['differences']
  readonly judged: readonly JudgedBy[]
}

/** @param finding null: the log is not read */
const tell = async (stoodLate: boolean, finding: BinlogFinding | null): Promise<Told> => {
  const judged: JudgedBy[] = []
  const stoodAt = moment() + (stoodLate ? 60_000 : -60_000)
  const taken = createTakenSnapshot(
    {
      prepared: Promise.resolve({ stoodAt, problem: null }),
      within: () => async () => assert.fail('nobody is asked'),
      report: async () => report,
      release() {},
    },
    {
      ...{ waitMs: 0, request: 'r', onJudged: (by) => judged.push(by) },
      binlog:
        finding === null
          ? null
          : { isReading: () => true, find: async () => finding ?? assert.fail() },
    },
  )
  const whyNot = await taken.whyNot()
  const found = await taken.report()
  assert.equal(found?.intended, undefined)
  const reason = found?.problem?.reason ?? null
  return { whyNot, reason, differences: found?.differences ?? [], judged }
}

const found = (isLate: boolean | null): BinlogFinding => ({
  ...{ is: 'found', isLate, differences: byLog },
})
const unread = (isLate: boolean | null): BinlogFinding => ({ is: 'unread', isLate, why: 'a gap' })
const unnamed: BinlogFinding = { is: 'unnamed' }

/** What comes to nothing was judged by nobody. */
const cases: readonly (readonly [
  string,
  boolean,
  BinlogFinding,
  string | null,
  'log' | 'state',
])[] = [
  ['in time, all known', false, found(false), null, 'log'],
  ['in time, and late by the log', false, found(true), 'snapshot_late', 'log'],
  ['late by the clock, and in time by the log', true, found(false), null, 'log'],
  ['late by the clock, and the log does not say', true, found(null), 'snapshot_late', 'log'],
  ['in time, not all known', false, unread(null), null, 'state'],
  ['late by the clock, not all known, and in time', true, unread(false), null, 'state'],
  ['late by the clock, not all known', true, unread(null), 'snapshot_late', 'state'],
  ['in time, nothing named', false, unnamed, null, 'state'],
  ['late by the clock, nothing named', true, unnamed, 'snapshot_late', 'state'],
]

const judgedBy = { log: ['binlog'], state: ['state'] } as const

describe('a snapshot with a binary log beside it', () => {
  for (const [what, stoodLate, finding, reason, by] of cases) {
    it(`comes to ${reason ?? `what the ${by} tells`}: ${what}`, async () => {
      const expected = by === 'log' ? byLog : byState
      assert.deepEqual(await tell(stoodLate, finding), {
        ...{ whyNot: null, reason },
        differences: reason === null ? expected : [],
        judged: reason === null ? judgedBy[by] : [],
      })
    })
  }

  it('is late by the clock alone where the log is not read', async () => {
    assert.equal((await tell(true, null)).whyNot, 'snapshot_late')
    const { whyNot, differences } = await tell(false, null)
    assert.deepEqual([whyNot, differences], [null, byState])
  })
})

import assert from 'node:assert/strict'
import type { BinlogFinding } from './binlog/binlog-messages.ts'
import { createCagedWatch } from './caged-watch.ts'
import { emptyOverlay } from './overlay.ts'
import type { WritesReport, WritesTerms } from './report.ts'
import type { JudgedBy } from './taken-snapshot.ts'

const byLog: WritesReport['differences'] = [
  { place: 'audits/insert', kind: 'missing', legacy: 'insert', modern: null },
]
const plain: WritesReport = { kind: 'cage', problem: null, rows: null, differences: [] }
const recorded: WritesReport = {
  ...plain,
  intended: {
    ...{ overlay: emptyOverlay, server: 'a', zone: 'SYSTEM', snapshot: null },
    caged: { reads: [] },
  },
}
const lost: WritesReport = { ...plain, problem: { reason: 'cage_lost', detail: 'a deadlock' } }

interface Told {
  readonly reason: string | null
  readonly leftOut: string | null
  readonly places: readonly string[]
  readonly judged: readonly JudgedBy[]
  readonly terms: readonly WritesTerms[]
}

/** @param finding null: the log is not read */
const tell = async (report: WritesReport, finding: BinlogFinding | null): Promise<Told> => {
  const judged: JudgedBy[] = []
  const terms: WritesTerms[] = []
  const watch = createCagedWatch({
    ...{ request: 'r', onJudged: (by) => judged.push(by) },
    binlog: { isReading: () => finding !== null, find: async () => finding ?? assert.fail() },
    watch(wanted) {
      terms.push(wanted)
      return {
        within: () => async () => assert.fail('nobody is asked'),
        report: async () => report,
      }
    },
  })
  assert.deepEqual([watch.standing, await watch.whyNot()], [null, null])
  const found = await watch.report()
  assert.equal(found?.intended, undefined)
  const places = found?.differences.map(({ place }) => place) ?? []
  const problem = found?.problem ?? found?.doubt
  const [reason, leftOut] = [problem?.reason ?? null, found?.leftOut ?? null]
  return { reason, leftOut, places, judged, terms }
}

/** What it comes to: reason, why it is left out, what differs, by what it was judged. */
const cases: readonly (readonly [
  string,
  WritesReport,
  BinlogFinding | null,
  readonly [string | null, string | null, readonly string[], readonly JudgedBy[]],
])[] = [
  [
    'what the log tells',
    recorded,
    { is: 'found', isLate: null, differences: byLog },
    [null, null, ['audits/insert'], ['binlog']],
  ],
  ['nothing where nobody reads the log', plain, null, [null, 'no_binlog', [], ['nothing']]],
  [
    'nothing where not all rows were seen',
    plain,
    { is: 'unnamed' },
    [null, 'unseen_rows', [], ['nothing']],
  ],
  [
    'nothing where the log does not tell all',
    recorded,
    { is: 'unread', isLate: null, why: 'a gap' },
    [null, 'binlog_unread', [], ['nothing']],
  ],
  [
    'nothing where nothing names the request',
    recorded,
    { is: 'unnamed' },
    [null, 'binlog_unread', [], ['nothing']],
  ],
  [
    'what the log tells, and that the twin may be what differs',
    recorded,
    { is: 'found', isLate: null, differences: byLog, doubt: 'the twin is older' },
    ['twin_stale', null, ['audits/insert'], ['binlog']],
  ],
  ['that the cage was lost', lost, { is: 'unnamed' }, ['cage_lost', null, [], []]],
]

describe('a watch of a request in a cage', () => {
  for (const [what, report, finding, expected] of cases)
    it(`tells ${what}`, async () => {
      const { reason, leftOut, places, judged } = await tell(report, finding)
      assert.deepEqual([reason, leftOut, places, judged], expected)
    })

  it('has what is done recorded only where somebody knows what legacy does', async () => {
    assert.deepEqual((await tell(plain, null)).terms, [{ kind: 'cage', isRecorded: false }])
    assert.deepEqual((await tell(recorded, { is: 'unnamed' })).terms, [
      { kind: 'cage', isRecorded: true },
    ])
  })
})

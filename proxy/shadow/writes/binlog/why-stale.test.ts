import assert from 'node:assert/strict'
import { type Answer, type MysqlLab, startMysqlLab } from '../mysql-lab.ts'
import type { MysqlAddress } from '../mysql-link.ts'
import { emptyOverlay, type Overlay, touch } from '../overlay.ts'
import type { CagedRead, Intended } from '../report.ts'
import type { SqlRow, TableFacts } from '../table-facts.ts'
import { createWhyStale, over, undone } from './why-stale.ts'

const factsOf = (...names: readonly string[]): TableFacts => ({
  ...{ name: 'things', primary: ['id'], unfit: null, unseen: null, cascades: false },
  uniques: [{ name: 'PRIMARY', columns: ['id'] }],
  columns: names.map((name) => ({
    ...{ name, type: 'int', dataType: 'int', isNullable: true },
    ...{ fallback: null, isAuto: false, isTouched: false },
  })),
})
const things = factsOf('id', 'v')

const setOf = (...rows: readonly (readonly [SqlRow | null, SqlRow | null])[]): Overlay =>
  rows.reduce((all, [before, after]) => touch(all, things, before, after), emptyOverlay)

const rowsOf = (overlay: Overlay | null) =>
  [...(overlay?.get('things')?.rows.values() ?? [])].map(({ before, after }) => [before, after])

describe('what a handler in a cage would have read', () => {
  it('has the rows that legacy has written as they were before', () => {
    const legacy = setOf(
      [null, ['1', 'a']],
      [
        ['2', 'a'],
        ['2', 'b'],
      ],
      [['3', 'a'], null],
    )
    assert.deepEqual(rowsOf(undone(legacy)), [
      [['1', 'a'], null],
      [
        ['2', 'b'],
        ['2', 'a'],
      ],
      [null, ['3', 'a']],
    ])
  })

  it('has what modern had written over them', () => {
    const base = undone(
      setOf(
        [null, ['1', 'a']],
        [
          ['2', 'a'],
          ['2', 'b'],
        ],
        [['3', 'a'], null],
      ),
    )
    const modern = setOf(
      [null, ['1', 'm']],
      [
        ['2', 'a'],
        ['2', 'm'],
      ],
      [['3', 'a'], null],
    )
    assert.deepEqual(rowsOf(over(base, modern)), [
      [
        ['1', 'a'],
        ['1', 'm'],
      ],
      [
        ['2', 'b'],
        ['2', 'm'],
      ],
    ])
  })

  it('cannot be told where the tables of the twin are others', () => {
    const other = touch(emptyOverlay, factsOf('id', 'w'), null, ['1', 'm'])
    assert.equal(over(undone(setOf([null, ['1', 'a']])), other), null)
  })
})

describe('why a twin may be what differs', () => {
  const labs: MysqlLab[] = []
  const serve = async (answer: Answer, modes = ''): Promise<MysqlAddress> => {
    const lab = await startMysqlLab((sql) => {
      if (/VERSION\(\)/.test(sql)) return [['10.11.0-MariaDB', modes, '1', 'lab']]
      return /^SELECT/.test(sql) ? answer : []
    })
    labs.push(lab)
    return lab.address
  }
  afterEach(async () => {
    for (const lab of labs.splice(0)) await lab.close()
  })

  const reads: readonly CagedRead[] = [{ sql: 'SELECT v FROM things', overlay: emptyOverlay }]
  const why = async (
    twin: Answer,
    own: Answer,
    asked: readonly CagedRead[] | null = reads,
    modes = '',
  ) => {
    const [address, twinAddress] = [await serve(own, modes), await serve(twin)]
    const stale = createWhyStale({ address, twin: twinAddress })
    const intended: Intended = {
      ...{ overlay: emptyOverlay, server: 'lab', zone: '+00:00', snapshot: null },
      caged: { reads: asked },
    }
    try {
      return await stale.why(intended, emptyOverlay)
    } finally {
      stale.close()
    }
  }

  it('is null where both say the same, in whatever order', async () => {
    assert.equal(await why([['1'], ['2']], [['2'], ['1']]), null)
  })

  it('is that it is older where they do not', async () => {
    assert.match(String(await why([['1']], [['1'], ['2']])), /the twin is older/)
  })

  it('is that nobody can tell where one of them does not answer, or too much was read', async () => {
    assert.match(String(await why([['1']], new Error('no'))), /cannot be asked again/)
    assert.match(String(await why([['1']], [['1']], null)), /not all that it reads/)
  })

  it('is that nothing may be asked where what is text to the twin may be a statement to legacy', async () => {
    for (const modes of ['NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES'])
      assert.match(String(await why([['1']], [['1']], reads, modes)), /quotes and backslashes/)
  })
})

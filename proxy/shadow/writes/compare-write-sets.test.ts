import assert from 'node:assert/strict'
import { compareWriteSets } from './compare-write-sets.ts'
import { emptyOverlay, type Overlay, touch } from './overlay.ts'
import type { Column, SqlRow, TableFacts } from './table-facts.ts'

const columnOf = (text: string): Column => {
  const [name = '', dataType = 'varchar'] = text.replace('#', '').split(' ')
  return {
    ...{ name, dataType, type: dataType, fallback: null },
    ...{ isNullable: true, isAuto: text.includes('#'), isTouched: false },
  }
}

const tableOf = (name: string, columns: readonly string[], primary: readonly string[]) => ({
  ...{ name, primary, columns: columns.map(columnOf), unfit: null, unseen: null, cascades: false },
  uniques: [{ name: 'PRIMARY', columns: primary }],
})

const articles = tableOf('articles', ['#id int', 'title', 'views int', 'at datetime'], ['id'])
const tags = tableOf('article_tags', ['article_id int', 'tag'], ['article_id', 'tag'])
const keys = tableOf('keys', ['id', 'v', 'w'], ['id'])
const rates = tableOf('rates', ['id int', 'v double'], ['id'])

type Step = readonly [TableFacts, SqlRow | null, SqlRow | null]

const setOf = (...steps: readonly Step[]): Overlay =>
  steps.reduce((all, [facts, before, after]) => touch(all, facts, before, after), emptyOverlay)

const differences = (modern: Overlay, legacy: Overlay, unknown: readonly string[] = []) =>
  compareWriteSets(modern, {
    overlay: legacy,
    unknown: new Map([['articles', new Set(unknown)]]),
  }).map(({ place, kind }) => `${kind} ${place}`)

const at = '2024-05-01 12:00:00'
const later = '2024-05-01 12:00:09'
const one: SqlRow = ['1', 'One', '0', at]
const [a, b] = ['0b7e7dd2-6f2c-4a3e-8e53-7b5d6d5a9c01', '5d1b1d3a-1b4c-4c58-9c46-0e8f2a7b6c02']

const cases: readonly (readonly [string, Overlay, Overlay, readonly string[]])[] = [
  ['nothing', setOf(), setOf(), []],
  [
    'other numbers that belong together, and times that are near',
    setOf([articles, null, ['8', 'One', '0', later]], [tags, null, ['8', 'x']]),
    setOf([articles, null, ['17', 'One', '0', at]], [tags, null, ['17', 'x']]),
    [],
  ],
  [
    'numbers that do not belong together',
    setOf([articles, null, ['8', 'One', '0', at]], [tags, null, ['8', 'x']]),
    setOf([articles, null, ['17', 'One', '0', at]], [tags, null, ['16', 'x']]),
    ['value article_tags/insert/article_id'],
  ],
  [
    'a row that only legacy makes',
    setOf([articles, null, one]),
    setOf([articles, null, one], [keys, null, ['a', 'v', 'w']]),
    ['missing keys/insert'],
  ],
  [
    'a row that only modern makes',
    setOf([articles, null, one]),
    setOf(),
    ['extra articles/insert'],
  ],
  [
    'a value',
    setOf([articles, null, one]),
    setOf([articles, null, ['1', 'Two', '0', at]]),
    ['value articles/insert/title'],
  ],
  [
    'columns that only one of them changes',
    setOf([articles, one, ['1', 'Two', '0', at]]),
    setOf([articles, one, ['1', 'One', '1', at]]),
    ['extra articles/update/title', 'missing articles/update/views'],
  ],
  [
    'the same step from another start',
    setOf([articles, one, ['1', 'One', '1', at]]),
    setOf([articles, ['1', 'One', '5', at], ['1', 'One', '6', at]]),
    [],
  ],
  [
    'another step from the same start',
    setOf([articles, one, ['1', 'One', '1', at]]),
    setOf([articles, one, ['1', 'One', '2', at]]),
    ['value articles/update/views'],
  ],
  [
    'something else done to the same row',
    setOf([articles, one, null]),
    setOf([articles, one, ['1', 'Gone', '0', at]]),
    ['extra articles/delete', 'missing articles/update'],
  ],
  ['the same rows deleted', setOf([articles, one, null]), setOf([articles, one, null]), []],
  ['what changes nothing', setOf([articles, one, one]), setOf(), []],
  [
    'names that each drew for itself',
    setOf([keys, null, [a ?? '', 'v', 'w']]),
    setOf([keys, null, [b ?? '', 'v', 'w']]),
    [],
  ],
  [
    'names that somebody chose',
    setOf([keys, null, ['wrong', 'v', 'w']]),
    setOf([keys, null, ['right', 'v', 'w']]),
    ['value keys/insert/id'],
  ],
  [
    'numbers written in two ways',
    setOf([rates, null, ['1', '2.25e30']]),
    setOf([rates, null, ['1', '2.25e+30']]),
    [],
  ],
]

describe('compareWriteSets', () => {
  for (const [what, modern, legacy, expected] of cases) {
    it(`comes to ${expected.join(', ') || 'nothing'} for ${what}`, () => {
      assert.deepEqual(differences(modern, legacy), expected)
    })
  }

  it('judges no column of which it is not known what legacy wrote', () => {
    const other = setOf([articles, null, ['1', '4f6e65', '1', at]])
    assert.deepEqual(differences(setOf([articles, null, one]), other, ['title']), [
      'value articles/insert/views',
    ])
  })

  it('tells no more of a thousand rows than people read', () => {
    const steps = Array.from({ length: 1_000 }, (_, n): Step => [tags, null, [`${n}`, 'x']])
    assert.equal(differences(setOf(), setOf(...steps)).length, 50)
  })
})

import assert from 'node:assert/strict'
import { matrixLines, type Result } from './matrix-table.ts'

const column = (
  ...cells: readonly (readonly [string, Readonly<Record<string, Result>>])[]
): ReadonlyMap<string, ReadonlyMap<string, Result>> =>
  new Map(cells.map(([item, results]) => [item, new Map(Object.entries(results))]))

const rows = { letters: ['a', 'b'], digits: ['1'] }

describe('matrixLines', () => {
  it('counts what passed, and shows what failed, was left out, or was not planned', () => {
    const columns = {
      both: column(
        ['a', { embedded: 'passed', native: 'passed' }],
        ['b', { embedded: 'passed', native: 'planned' }],
        ['1', { embedded: 'passed', native: 'passed' }],
      ),
      broken: column(
        ['a', { embedded: 'passed', native: 'failed' }],
        ['b', { embedded: 'passed' }],
      ),
      some: column(['a', { embedded: 'passed' }]),
      bare: column(['a', { native: 'planned' }]),
      none: column(),
    }
    assert.deepEqual(
      matrixLines({ columns, rows }, (item) => `<${item}>`),
      [
        '         both             broken           some      bare      none',
        'letters  ✔ 2              ✘ 1 of 2         ✔ 1 of 2  –         –',
        'digits   ✔ 1              –                –         –         –',
        'worlds   embedded+native  embedded+native  embedded  left out  not run',
        '',
        'run nowhere:',
        '  <b>: not in some',
        '  <1>: not in broken, some',
      ],
    )
  })

  it('says nothing below the table where everything ran', () => {
    const columns = {
      all: column(['a', { x: 'passed' }], ['b', { x: 'passed' }], ['1', { x: 'passed' }]),
    }
    assert.deepEqual(matrixLines({ columns, rows }, String), [
      '         all',
      'letters  ✔ 2',
      'digits   ✔ 1',
      'worlds   x',
    ])
  })
})

import assert from 'node:assert/strict'
import { drivesTerminal } from './command-lab.ts'
import { createPaint, facts, fitScreen, printableJson, table } from './text.ts'

const plain = createPaint(false)
const hostile = 'a\u001b[2J\u009b31m\u202e\nb'

describe('table', () => {
  const columns = [
    { title: 'NAME', read: (row: readonly string[]) => row[0] ?? '' },
    { title: 'COUNT', read: (row: readonly string[]) => row[1] ?? '', align: 'right' as const },
  ]

  it('lines columns up under their titles', () => {
    const text = table(
      columns,
      [
        ['a', '1'],
        ['longer', '12'],
      ],
      plain,
    )
    assert.equal(text, 'NAME    COUNT\na           1\nlonger     12\n')
  })

  it('prints titles alone where there are no rows', () => {
    assert.equal(table(columns, [], plain), 'NAME  COUNT\n')
  })

  it('prints nothing that a terminal obeys', () => {
    assert.ok(!drivesTerminal(table(columns, [[hostile, hostile]], plain)))
    assert.equal(table(columns, [[hostile, hostile]], plain).split('\n').length, 3)
  })

  it('paints only where colours are wanted', () => {
    const colored = [{ title: 'X', read: () => 'v', color: () => 'red' as const }]
    assert.ok(table(colored, [[]], createPaint(true)).includes('\u001b[31mv\u001b[0m'))
    assert.equal(table(colored, [[]], plain), 'X\nv\n')
  })
})

describe('fitScreen', () => {
  it('cuts lines to the width of the terminal, and colours never', () => {
    const text = '\u001b[2mROUTE\u001b[0m  STAGE\nарт\n'
    assert.equal(fitScreen(text, { columns: 4, rows: 24 }), '\u001b[2mROUT\u001b[0m\nарт\n')
  })

  it('leaves the last row of the terminal to the cursor', () => {
    assert.equal(fitScreen('1\n2\n3\n', { columns: 80, rows: 3 }), '1\n2\n')
  })
})

describe('facts', () => {
  it('puts values in one column', () => {
    assert.equal(
      facts(
        [
          ['a', '1'],
          ['bcd', hostile.slice(0, 1)],
        ],
        plain,
      ),
      '  a    1\n  bcd  a\n',
    )
  })
})

describe('printableJson', () => {
  it('parses to the same value and holds nothing that a terminal obeys', () => {
    const text = printableJson({ [hostile]: [hostile] })
    assert.deepEqual(JSON.parse(text), { [hostile]: [hostile] })
    assert.ok(!drivesTerminal(text))
  })
})

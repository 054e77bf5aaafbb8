import assert from 'node:assert/strict'
import { drivesTerminal } from './command-lab.ts'
import { indentJson } from './indent-json.ts'
import { sideBySide } from './side-by-side.ts'

const paint = (_: unknown, text: string): string => text
const beside = (left: readonly string[], right: readonly string[], whole = false): string[] =>
  sideBySide(left, right, { width: 60, whole, paint })
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').trim())

describe('two texts side by side', () => {
  it('mark what differs, and what only one side has', () => {
    assert.deepEqual(beside(['a', 'b', 'c'], ['a', 'x', 'c', 'd']), [
      ...['a a', 'b | x', 'c c', '> d'],
      '',
    ])
    assert.deepEqual(beside(['a', 'b'], ['a']), ['a a', 'b <', ''])
  })

  it('count lines that are alike and far from any that is not', () => {
    const many = Array.from({ length: 9 }, (_, at) => `line ${at}`)
    const shown = beside(many, [...many.slice(0, 8), 'other'])
    assert.deepEqual(shown, [
      '… 6 lines alike',
      'line 6 line 6',
      'line 7 line 7',
      'line 8 | other',
      '',
    ])
    assert.equal(beside(many, many, true).length, 10)
    assert.deepEqual(beside(['a'], ['a']), ['… 1 line alike', ''])
  })

  it('fit the terminal, and command it nothing', () => {
    const text = sideBySide([`${'x'.repeat(500)}`, '\u001b[2J\u202e'], ['\u009b'], {
      width: 80,
      whole: true,
      paint,
    })
    assert.ok(text.split('\n').every((line) => line.length <= 80))
    assert.ok(!drivesTerminal(text))
  })
})

describe('indentJson', () => {
  it('lays out every token as it was written', () => {
    const text = '{"id":9007199254740993,"a":[1.10,-0,"x: [1,2] \\" }"],"m":{},"l":[]}'
    assert.equal(
      indentJson(text),
      [
        '{',
        '  "id": 9007199254740993,',
        '  "a": [',
        '    1.10,',
        '    -0,',
        '    "x: [1,2] \\" }"',
        '  ],',
        '  "m": {},',
        '  "l": []',
        '}',
      ].join('\n'),
    )
  })

  it('knows what is no JSON', () => {
    assert.equal(indentJson('{"a":'), null)
    assert.equal(indentJson('<p>'), null)
  })
})

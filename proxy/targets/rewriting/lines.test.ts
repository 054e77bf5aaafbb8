import assert from 'node:assert/strict'
import { createChangeLines } from './lines.ts'

const nothing = { set: {}, add: {}, remove: [] }

describe('header changes', () => {
  const given = ['A', '1', 'b', '2', 'a', '3']
  const cases = [
    ['set in place of the first and every other line', { set: { a: 'x' } }, ['a', 'x', 'b', '2']],
    ['set what is not there at the end', { set: { C: 'x' } }, [...given, 'C', 'x']],
    ['add one line more', { add: { B: 'x' } }, [...given, 'B', 'x']],
    ['remove every line of a name', { remove: ['a'] }, ['b', '2']],
    ['set to nothing', { set: { B: '' } }, ['A', '1', 'B', '', 'a', '3']],
  ] as const
  for (const [title, changes, expected] of cases) {
    it(title, () =>
      assert.deepEqual(createChangeLines({ ...nothing, ...changes })(given), expected),
    )
  }

  it('leave the very list where there are none', () => {
    assert.equal(createChangeLines(nothing)(given), given)
  })
})

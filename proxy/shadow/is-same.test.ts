import assert from 'node:assert/strict'
import { observed } from '../compare/observed.ts'
import { isSame } from './is-same.ts'

const isSameAs = (a: readonly string[], b: readonly string[]): boolean =>
  isSame(
    observed('legacy', { headers: a, body: 'x' }),
    observed('modern', { headers: b, body: 'x' }),
  )

describe('isSame', () => {
  it('does not care in which order different headers come', () => {
    assert.equal(isSameAs(['A', '1', 'B', '2'], ['b', '2', 'a', '1']), true)
  })

  it('leaves the order of one name to the comparison: of two cookies the last one counts', () => {
    const [a, b] = [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'a=2'],
    ] as const
    assert.equal(isSameAs([...a, ...b], [...b, ...a]), false)
    assert.equal(isSameAs([...a, ...b], [...a, ...b]), true)
  })
})

import { deepEqual, equal } from 'node:assert/strict'
import { createUnderWay } from './under-way.ts'

describe('what is under way', () => {
  it('is there until it is over, in whatever order', () => {
    const underWay = createUnderWay<string>()
    const [a, b, c] = ['a', 'b', 'c'].map((name) => underWay.add(name))
    equal(a?.(), true)
    deepEqual([...underWay.values()].sort(), ['b', 'c'])
    equal(c?.(), true)
    deepEqual(underWay.values(), ['b'])
    underWay.add('d')
    equal(b?.(), true)
    deepEqual(underWay.values(), ['d'])
    equal(underWay.size(), 1)
  })

  it('is over once only', () => {
    const underWay = createUnderWay<string>()
    const first = underWay.add('first')
    underWay.add('second')
    first()
    equal(first(), false)
    deepEqual(underWay.values(), ['second'])
  })
})

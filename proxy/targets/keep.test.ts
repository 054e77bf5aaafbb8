import { deepEqual, equal, notEqual } from 'node:assert/strict'
import { createKeep } from './keep.ts'

describe('createKeep', () => {
  const keep = () => createKeep((piece: { readonly size: number }, name) => ({ name, piece }))
  const pieces = (about: Readonly<Record<string, number>>) =>
    new Map(Object.entries(about).map(([name, size]) => [name, { size }]))

  it('makes each part once, for as long as its piece says the same', () => {
    const { use } = keep()
    const first = use(pieces({ a: 1, b: 2 }))
    const second = use(pieces({ b: 2, a: 1 }))
    equal(second.parts.get('a'), first.parts.get('a'))
    deepEqual(second.dropped, [])
  })

  it('makes a part anew where its piece changed, and hands over the old one', () => {
    const { use, current } = keep()
    const first = use(pieces({ a: 1, b: 2 }))
    const second = use(pieces({ a: 3, b: 2 }))
    notEqual(second.parts.get('a'), first.parts.get('a'))
    deepEqual(second.dropped, [first.parts.get('a')])
    equal(current(), second.parts)
  })

  it('hands over what is no longer there', () => {
    const { use } = keep()
    use(pieces({ a: 1 }))
    deepEqual(
      use(pieces({})).dropped.map(({ name }) => name),
      ['a'],
    )
  })

  it('keeps what it had when a new part cannot be made', () => {
    const { use, current } = createKeep((piece: { readonly size: number }) => {
      if (piece.size === 0) throw new RangeError('no size')
      return piece
    })
    const { parts } = use(pieces({ a: 1 }))
    try {
      use(pieces({ a: 0 }))
    } catch {}
    equal(current(), parts)
    deepEqual(use(pieces({ a: 1 })).dropped, [])
  })
})

import assert from 'node:assert/strict'
import { nearest, suggest } from './suggest.ts'

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [word: string, names: readonly string[], near: string | null])[] = [
  ['ingore',      ['ignore', 'why'],          'ignore'],
  ['shadoww',     ['legacy', 'shadow'],       'shadow'],
  ['Legacy',      ['legacy', 'shadow'],       'legacy'],
  ['minimumcall', ['minimumCalls', 'window'], 'minimumCalls'],
  ['a',           ['b'],                      null],
  ['resetting',   ['window', 'slowCall'],     null],
  ['x'.repeat(101), ['x'.repeat(100)],        null],
  ['anything',    [],                         null],
]

describe('nearest', () => {
  for (const [word, names, near] of cases)
    it(`finds ${near} for "${word.slice(0, 20)}" among ${names.length}`, () => {
      assert.equal(nearest(word, names), near)
    })
})

describe('suggest', () => {
  it('names the nearest and all that is allowed', () => {
    assert.equal(suggest('pph', ['php', 'ruby']), 'did you mean "php"? allowed: php, ruby')
  })
  it('says so when nothing is there to choose', () => {
    assert.equal(suggest('php', []), 'there are none')
  })
  it('lists no more than twenty', () => {
    const names = Array.from({ length: 25 }, (_, i) => `upstream${i}`)
    assert.match(suggest('x', names), /upstream19, and 5 more$/)
  })
})

import assert from 'node:assert/strict'
import { plainRoute, type RouteChanges } from './plain-route.ts'
import { strictestOf } from './strictest.ts'

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, RouteChanges, RouteChanges])[] = [
  ['a literal rather than a name',          { match: { path: '/a' } },                       { match: { path: '/:x' } }],
  ['a name rather than the rest',           { match: { path: '/:x' } },                      { match: { path: '/*' } }],
  ['the longer of two literals',            { match: { path: '/a/b' } },                     { match: { path: '/c' } }],
  ['an end rather than the rest',           { match: { path: '/a' } },                       { match: { path: '/b/*' } }],
  ['a host rather than any',                { match: { path: '/*', host: 'a.example' } },    { match: { path: '/a' } }],
  ['a host rather than several',            { match: { host: 'a.example' } },                { match: { host: '*.example' } }],
  ['a method rather than any',              { match: { path: '/a', methods: ['GET'] } },     { match: { path: '/b' } }],
  ['legacy rather than what has moved on',  { match: { path: '/a' }, stage: 'legacy' },      { match: { path: '/b' }, stage: 'modern' }],
]

describe('strictestOf', () => {
  for (const [title, strict, other] of cases) {
    it(`takes ${title}, in any order`, () => {
      const [a, b] = [plainRoute('strict', strict), plainRoute('other', other)]
      assert.equal(strictestOf([a, b])?.id, 'strict')
      assert.equal(strictestOf([b, a])?.id, 'strict')
    })
  }

  it('takes none rather than any, and the first where nothing tells them apart', () => {
    const [a, b] = [plainRoute('a'), plainRoute('b')]
    assert.equal(strictestOf([a, null]), null)
    assert.equal(strictestOf([a, b]), a)
  })
})

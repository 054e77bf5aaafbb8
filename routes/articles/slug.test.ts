import assert from 'node:assert/strict'
import { slugOf } from './slug.ts'

describe('slugOf', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Hello World', 'hello-world'],
    ['  --Hello,   World!--  ', 'hello-world'],
    ['<b>C++ & C#</b>', 'b-c-c-b'],
    ['ÄÖÜ ß', 'äöü-ß'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['Привет, мир', 'привет-мир'],
    ['日本語の記事', '日本語の記事'],
    ['٣ و ٤', '٣-و-٤'],
    ['हिन्दी में', 'हिन्दी-में'],
    ['😀', 'article'],
    ['a😀b', 'a-b'],
    ['!?', 'article'],
    ['x'.repeat(200), 'x'.repeat(150)],
    [`${'x'.repeat(149)} yyy`, 'x'.repeat(149)],
    ['𝒳'.repeat(160), '𝒳'.repeat(150)],
    ['İstanbul', 'i̇stanbul'],
  ]
  for (const [title, slug] of cases) {
    it(`makes "${slug.slice(0, 30)}" of "${title.slice(0, 30)}"`, () => {
      assert.equal(slugOf(title), slug)
    })
  }
})

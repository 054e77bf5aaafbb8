import assert from 'node:assert/strict'
import { queryNumber, queryText } from './legacy-text.ts'

describe('queryText', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['', null],
    ['tag', null],
    ['tag=', null],
    ['tag=php', 'php'],
    ['x=1&tag=php&y', 'php'],
    ['tag=a+b%20c', 'a b c'],
    ['tag=c%2B%2B', 'c++'],
    ['tag=x=y', 'x=y'],
    ['tag=100%', '100%'],
    ['tag=%zz', '%zz'],
    ['tag=%E6%97%A5', '日'],
    ['tag=%ff', null],
    ['tag=\u00e9', null],
    ['%74ag=php', 'php'],
    ['+tag=php', 'php'],
    ['Tag=php', null],
    ['tag=a&tag=b', 'b'],
    ['tag[]=a', null],
    ['tag[x]=a', null],
    ['tag=a&tag[]=b', null],
    ['tag[]=a&tag=b', 'b'],
    ['tag[=a', null],
    ['tags=a', null],
    ['tag=a;b=c', 'a;b=c'],
  ]
  for (const [query, text] of cases) {
    it(`reads "${query}" as PHP does`, () => assert.equal(queryText(query, 'tag'), text))
  }
})

describe('queryNumber', () => {
  const cases = [
    ['', 20],
    ['n=0', 0],
    ['n=007', 7],
    ['n=100', 100],
    ['n=101', 100],
    ['n=99999999999999999999', 100],
    ['n=-1', 20],
    ['n=1.5', 20],
    ['n=1e1', 20],
    ['n=+5', 20],
    ['n=5%0A', 20],
    ['n=%D9%A5', 20],
    ['n[]=5', 20],
  ] as const
  for (const [query, number] of cases) {
    it(`reads "${query}" as ${number}`, () => {
      assert.equal(queryNumber(query, 'n', { otherwise: 20, most: 100 }), number)
    })
  }
})

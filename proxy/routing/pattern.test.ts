import assert from 'node:assert/strict'
import { parsePattern, patternProblem } from './pattern.ts'

const fine = [
  '/',
  '/*',
  '/a',
  '/a/',
  '/a/*',
  '/:a/:b',
  '/a:b/v1:call',
  '/a.b;c',
  '/100%',
  '/café',
  '/...',
]
const wrong: Readonly<Record<string, RegExp>> = {
  '': /starts with/,
  'a/b': /starts with/,
  '/a?b=c': /no query/,
  '/a//b': /collapsed/,
  '/a/../b': /resolved/,
  '/a/.': /resolved/,
  '/caf%C3%A9': /decoded/,
  '/a*': /whole segments/,
  '/*.js': /whole segments/,
  '/*/a': /only at the end/,
  '/*/*': /only at the end/,
  '/:': /letters/,
  '/:id.pdf': /whole segment/,
  '/:1': /letters/,
  '/:a/b/:a': /only once/,
}

describe('patternProblem', () => {
  for (const pattern of fine) {
    it(`finds none in ${pattern}`, () => assert.equal(patternProblem(pattern), null))
  }
  for (const [pattern, sentence] of Object.entries(wrong)) {
    it(`finds one in "${pattern}"`, () => assert.match(patternProblem(pattern) ?? '', sentence))
  }
})

describe('parsePattern', () => {
  it('reads literal segments, names and the rest', () => {
    assert.deepEqual(parsePattern('/a/:b/*'), [
      { is: 'literal', text: 'a' },
      { is: 'name', name: 'b' },
      { is: 'rest' },
    ])
  })

  it('takes a trailing slash for one more, empty, segment', () => {
    assert.deepEqual(parsePattern('/'), [{ is: 'literal', text: '' }])
  })
})

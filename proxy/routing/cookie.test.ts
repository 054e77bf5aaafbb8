import assert from 'node:assert/strict'
import { cookieValue, withoutCookie } from './cookie.ts'

// biome-ignore format: a table reads best as a table
const lines: readonly (readonly [string, string | null])[] = [
  ['a=1; x=2; b=3',        'a=1; b=3'],
  ['x=2; a=1',             'a=1'],
  ['a=1; x=2',             'a=1'],
  ['x=2',                  null],
  ['x=2; x=3',             null],
  ['x=1; a=1; x=2',        'a=1'],
  ['a=1;x=2;b=3',          'a=1;b=3'],
  ['a=1;  x = 2 ;\tb=" ;', 'a=1;\tb=" ;'],
  ['x=',                   null],
  ['xx=1; x=; y',          'xx=1; y'],
]

describe('withoutCookie', () => {
  for (const [line, rest] of lines) {
    it(`makes ${JSON.stringify(rest)} of ${JSON.stringify(line)}`, () => {
      const headers = ['Host', 'x=2', 'COOKIE', line, 'cookie', 'z=é']
      const kept = rest === null ? [] : ['COOKIE', rest]
      assert.deepEqual(withoutCookie(headers, 'x'), ['Host', 'x=2', ...kept, 'cookie', 'z=é'])
    })
  }

  it('gives back the same lines where the cookie is not there', () => {
    const headers = ['cookie', 'xx=1;  y =2; x', 'x', 'x=1']
    assert.equal(withoutCookie(headers, 'x'), headers)
  })
})

describe('cookieValue', () => {
  it('reads the first of its name, in case', () => {
    assert.equal(cookieValue(['cookie', 'X=0; x= 1 ; x=2'], 'x'), '1')
  })
  it('tells an empty value from none', () => {
    assert.equal(cookieValue(['cookie', 'x='], 'x'), '')
    assert.equal(cookieValue(['cookie', 'x'], 'x'), null)
  })
})

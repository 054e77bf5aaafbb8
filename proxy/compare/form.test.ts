import assert from 'node:assert/strict'
import { compare } from './compare.ts'
import { formValue } from './form.ts'
import { jsonText } from './json-text.ts'
import { observed } from './observed.ts'

/** A form, and the JSON that is read from it. */
// biome-ignore format: a table reads best as a table
const forms: readonly (readonly [string, string])[] = [
  ['a=1&b=2&&a=3',                 '{"a":["1","3"],"b":"2"}'],
  ['a&=1&b==',                     '{"a":"","":"1","b":"="}'],
  ['a=x+y%20%2B',                  '{"a":"x y +"}'],
  ['na%C3%AFve=%F0%9F%98%80',      '{"naïve":"😀"}'],
  ['a=100%25&b=100%&c=%zz',        '{"a":"100%","b":"100%","c":"%zz"}'],
  ['a=/x%253Fy',                   '{"a":"/x%3Fy"}'],
  ['a=%e9&b=%C3%A9%E9%41',         '{"a":"%E9","b":"é%E9A"}'],
  ['a=%25E9&b=%2525E9&c=%25%45%39', '{"a":"%25E9","b":"%2525E9","c":"%25E9"}'],
  ['a=%C0%80&b=%ED%B2%80',         '{"a":"%C0%80","b":"%ED%B2%80"}'],
  ['a=%F0%9F%98%80%80',            '{"a":"😀%80"}'],
]

describe('reading a form', () => {
  for (const [text, expected] of forms)
    it(`makes ${expected} of ${text}`, () => {
      assert.equal(jsonText(formValue(text)), expected)
    })

  it('never takes two broken encodings for one, in a body or in a Location', () => {
    const type = ['Content-Type', 'application/x-www-form-urlencoded']
    const paths = (one: object, other: object) =>
      compare(observed('legacy', one), observed('modern', other)).differences.map(
        ({ path, kind }) => `${kind} ${path}`,
      )
    const form = (body: string) => ({ headers: type, body })
    const location = (query: string) => ({ headers: ['Location', `/x?q=${query}`] })
    assert.deepEqual(paths(form('a=%ff'), form('a=%fe')), ['value /a'])
    for (const other of ['%E8', '%25E9', '%EF%BF%BD', '%C3%A9'])
      assert.deepEqual(paths(location('%E9'), location(other)), ['value header:location/query/q'])
    assert.deepEqual(paths(location('%E9'), location('%e9')), [])
  })
})

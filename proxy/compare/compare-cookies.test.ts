import assert from 'node:assert/strict'
import { compare } from './compare.ts'
import { observed } from './observed.ts'

const date = ['Date', 'Thu, 01 Jan 2026 00:00:00 GMT']
const age = ['Set-Cookie', 'a=1; Max-Age=3600']
const inAnHour = ['Set-Cookie', 'a=1; Expires=Thu, 01 Jan 2026 01:00:00 GMT']
const inTwoHours = ['Set-Cookie', 'a=1; Expires=Thu, 01 Jan 2026 02:00:00 GMT']
const differs = ['value header:set-cookie/a/lifetime']

/** Two heads, and every difference between them, whichever of the two is legacy's. */
const cases: readonly (readonly [string, string[], string[], string[]])[] = [
  ['one Expires where one answer has no Date', [...date, ...inAnHour], inAnHour, []],
  ['one Expires where no answer has a Date', inAnHour, inAnHour, []],
  ['Expires for Max-Age where its answer has no Date', [...date, ...age], inAnHour, []],
  ['another Expires where one answer has no Date', [...date, ...inAnHour], inTwoHours, differs],
  ['another Expires where no answer has a Date', inAnHour, inTwoHours, differs],
  ['another Max-Age where its answer has no Date', age, [...date, ...inTwoHours], differs],
]

describe('comparing the lifetimes of cookies', () => {
  for (const [title, one, other, expected] of cases)
    it(`finds ${expected.length === 0 ? 'no difference in ' : ''}${title}`, () => {
      for (const [legacy, modern] of [
        [one, other],
        [other, one],
      ]) {
        const { differences } = compare(
          observed('legacy', { headers: legacy ?? [] }),
          observed('modern', { headers: modern ?? [] }),
        )
        assert.deepEqual(
          differences.map(({ path, kind }) => `${kind} ${path}`),
          expected,
        )
      }
    })
})

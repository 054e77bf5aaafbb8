import assert from 'node:assert/strict'
import { parseRules } from './rules.ts'

/** What is written, the key that is wrong, and a part of what is said. */
const broken: [unknown, string | null, RegExp][] = [
  [{ ignore: '/a' }, 'why', /reason/],
  [{ ignore: '/a', why: '  ' }, 'why', /reason/],
  [{ why: 'x' }, null, /no verb/],
  [{ ingore: '/a', why: 'x' }, null, /did you mean "ignore"/],
  [{ ignore: '/a', number: '/b', why: 'x' }, 'number', /one rule, one verb/],
  [{ ignore: 'a.b', why: 'x' }, 'ignore', /is no path/],
  [{ ignore: '/items/foo*', why: 'x' }, 'ignore', /whole step/],
  [{ ignore: '/items[0', why: 'x' }, 'ignore', /no test/],
  [{ ignore: '/items/[id]', why: 'x' }, 'ignore', /neither/],
  [{ ignore: 7, why: 'x' }, 'ignore', /path/],
  [{ ignore: '/a', allow: ['everything'], why: 'x' }, 'allow', /missing/],
  [{ number: '/a', scale: 1.5, why: 'x' }, 'scale', /whole number/],
  [{ number: '/a', scael: 2, why: 'x' }, 'scael', /did you mean "scale"/],
  [{ time: '/a', tolerance: '2', why: 'x' }, 'tolerance', /duration/],
  [{ time: '/a', zone: 'CET', why: 'x' }, 'zone', /offset/],
  [{ time: '/a', zone: 'Europe/Atlantis', why: 'x' }, 'zone', /place/],
  [{ coerce: '/a', why: 'x' }, 'between', /numberString/],
  [{ key: '/a', by: [], why: 'x' }, 'by', /member/],
  [{ expect: '/a', legacy: {}, why: 'x' }, 'legacy', /text/],
  [{ expect: '/a', legacy: 2 ** 53, why: 'x' }, 'legacy', /beyond 2\^53: \{ number: "/],
  [{ expect: '/a', legacy: Number.NaN, why: 'x' }, 'legacy', /text/],
  [{ expect: '/a', legacy: { number: '0x10' }, why: 'x' }, 'legacy', /text/],
  [{ expect: '/a', legacy: { number: '1', of: 2 }, why: 'x' }, 'legacy', /text/],
  [{ ignore: '/a', expires: '2026-02-30', why: 'x' }, 'expires', /day/],
  [{ ignore: '/a', when: { status: '9xx' }, why: 'x' }, 'when.status', /class/],
  [{ ignore: '/a', when: { rout: 'a' }, why: 'x' }, 'when.rout', /did you mean "route"/],
  ['ignore', null, /map/],
  ['php', null, /rulesOf resolves the names of rulesets/],
]

describe('parseRules', () => {
  for (const [written, key, message] of broken)
    it(`refuses ${JSON.stringify(written)}`, () => {
      const { rules, problems } = parseRules([written], 'test')
      assert.deepEqual(rules, [])
      assert.equal(problems[0]?.key, key)
      assert.match(problems[0]?.message ?? '', message)
    })
})

import assert from 'node:assert/strict'
import type { Answer, Scenario } from '../scenarios/scenario.ts'
import { assertAlike } from './alike.ts'

const json = (value: unknown, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  text: JSON.stringify(value),
  json: value,
})

const page = (text: string, cookie: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8', 'set-cookie': cookie },
  text,
  json: null,
})

const about = (more: Partial<Scenario> = {}): Scenario => ({
  ...{ route: 'tags.list', title: 't', url: '/api/tags', status: 200 },
  ...more,
})

const form = (token: string): string => `<form><input name="csrf" value="${token}"></form>`

describe('assertAlike', () => {
  const alike: readonly (readonly [string, Answer, Answer, Scenario])[] = [
    [
      'JSON spelled otherwise',
      { ...json({ a: '/' }), text: '{"a":"\\/"}' },
      json({ a: '/' }),
      about(),
    ],
    ['what Banyan tells', json({}), json({}, { 'x-banyan-target': 'modern' }), about()],
    [
      'a list that has no order',
      json({ tags: ['a', 'b'] }),
      json({ tags: ['b', 'a'] }),
      about({ unordered: ['tags'] }),
    ],
    [
      'a value that two answers need not share',
      json({ user: { token: 'abc' } }),
      json({ user: { token: 'abd' } }),
      about({ differs: ['token'] }),
    ],
    [
      'a page of another session',
      page(form('aa11'), 'PHPSESSID=00000000000000000000000000000001; path=/'),
      page(form('bb22'), 'PHPSESSID=26characterslonginphpsfive; path=/'),
      about({ route: 'rest', url: '/login' }),
    ],
  ]
  for (const [what, one, other, scenario] of alike) {
    it(`overlooks ${what}`, () => assertAlike(one, other, scenario))
  }

  const different: readonly (readonly [string, Answer, Answer, Scenario, RegExp])[] = [
    ['a value', json({ a: [1] }), json({ a: [2] }), about(), /\n {2}\/a\/0: value: 1 \| 2$/],
    ['a number that is a text', json({ a: 1 }), json({ a: '1' }), about(), /\/a: type: 1 \| "1"/],
    ['an empty map that is a list', json({ a: [] }), json({ a: {} }), about(), /\/a: type/],
    ['a member', json({ a: null }), json({}), about(), /\/a: missing: null \| nothing/],
    ['an order', json({ tags: ['a', 'b'] }), json({ tags: ['b', 'a'] }), about(), /order/],
    ['a status', json({}), { ...json({}), status: 201 }, about(), /status: value: 200 \| 201/],
    [
      'a header',
      json({}),
      json({}, { 'cache-control': 'no-store' }),
      about(),
      /cache-control: extra/,
    ],
    [
      'a type where only the value may differ',
      json({ user: { token: 'abc' } }),
      json({ user: { token: null } }),
      about({ differs: ['token'] }),
      /\/user\/token: type/,
    ],
    [
      'a page',
      page(`<p>one</p>${form('aa11')}`, 'PHPSESSID=00000000000000000000000000000001'),
      page(`<p>two</p>${form('bb22')}`, 'PHPSESSID=00000000000000000000000000000002'),
      about({ route: 'rest', url: '/login', differs: ['html'] }),
      /"one" \| "two"/,
    ],
  ]
  for (const [what, one, other, scenario, message] of different) {
    it(`tells ${what} and both values`, () => {
      assert.throws(() => assertAlike(one, other, scenario), { name: 'AssertionError', message })
    })
  }
})

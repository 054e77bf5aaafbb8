import assert from 'node:assert/strict'
import { compare } from './compare.ts'
import { createIdentities } from './identities.ts'
import { observed } from './observed.ts'
import { parseRules } from './rules.ts'

/** What is bound, two texts, and whether the renaming turns one into the other. */
// biome-ignore format: a table reads best as a table
const texts: readonly (readonly [readonly [string, string], string, string, boolean])[] = [
  [['7', '9'],             '/u/7',                 '/u/9',                 true],
  [['7', '9'],             '/u/7',                 '/u/7',                 false],
  [['7', '9'],             '/u/77',                '/u/99',                false],
  [['7', '9'],             '/u/77',                '/u/77',                true],
  [['7', '9'],             'https://a.example/u/7?of=7#7', 'https://a.example/u/9?of=9#9', true],
  [['7', '9'],             '/u/7.json',            '/u/9.json',            true],
  [['7', '9'],             'order-7_1',            'order-9_1',            true],
  [['7', '9'],             '7 days',               '7 days',               true],
  [['my.slug', 'my.other'], '/u/my.slug',          '/u/my.other',          true],
  [['é1', 'é2'],           '/u/é1',                '/u/é2',                true],
  [['é 1', 'é 2'],         '/u/%C3%A9%201',        '/u/%C3%A9%202',        true],
  [['a/b', 'c/d'],         '/u/a%2Fb',             '/u/c%2Fd',             true],
  [['7', '9'],             '/u/%zz/7',             '/u/%zz/9',             true],
  [['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'], '/u/11111111-1111-4111-8111-111111111111', '/u/22222222-2222-4222-8222-222222222222', true],
]

/** Two values of an id, and what kinds of differences an identity rule leaves of them. */
// biome-ignore format: a table reads best as a table
const named: readonly (readonly [string, string, readonly string[]])[] = [
  ['{"id":7}',                 '{"id":1700000009}',         []],
  ['{"id":"7"}',               '{"id":"190"}',              []],
  ['{"id":"my-slug"}',         '{"id":"my-other_slug"}',    []],
  ['{"id":7}',                 '{"id":0}',                  ['value']],
  ['{"id":7}',                 '{"id":-1}',                 ['value']],
  ['{"id":7}',                 '{"id":7.5}',                ['value']],
  ['{"id":"17"}',              '{"id":"0"}',                ['value']],
  ['{"id":"17"}',              '{"id":"NaN"}',              ['value']],
  ['{"id":"abc"}',             '{"id":""}',                 ['shape']],
  ['{"id":"0b5bd3c2-0c9c-4a3e-9a2b-3b8f0e5a1d11"}', '{"id":"11111111-1111-4111-8111-111111111111"}', []],
  ['{"id":"0b5bd3c2-0c9c-4a3e-9a2b-3b8f0e5a1d11"}', '{"id":"undefined"}', ['shape']],
  ['{"id":"0b5bd3c2-0c9c-4a3e-9a2b-3b8f0e5a1d11"}', '{"id":"01890a5d-ac96-774b-bcce-b302099a8057"}', []],
  ['{"id":"abc"}',             '{"id":"undefined"}',        ['value']],
  ['{"id":"abc"}',             '{"id":"[object Object]"}',  ['value']],
  ['{"id":"17"}',              '{"id":"my-slug"}',          ['value']],
  ['{"id":"3fa81c07"}',        '{"id":"40912276"}',         []],
  ['{"id":"/8kPq2aZx0s="}',    '{"id":"Zx08kPq2aZx="}',     []],
  ['{"id":"hello-2"}',         '{"id":"héllo world"}',      []],
  ['{"id":9007199254740993}',  '{"id":9007199254740992}',   ['precision']],
]

describe('a renaming of ids', () => {
  for (const [[from, to], legacy, modern, expected] of texts)
    it(`of ${from} to ${to} ${expected ? 'turns' : 'does not turn'} ${legacy} into ${modern}`, () => {
      const identities = createIdentities()
      identities.bind(from, to)
      assert.equal(identities.agree(legacy, modern), expected)
    })

  it('is one to one', () => {
    const identities = createIdentities()
    assert.ok(identities.bind('7', '7'))
    assert.equal(identities.renames(), false)
    assert.deepEqual(
      [identities.bind('8', '9'), identities.bind('8', '9'), identities.bind('8', '7')],
      [true, true, false],
    )
    assert.deepEqual([identities.bind('10', '9'), identities.renames()], [false, true])
  })

  it('finds in equal bodies what a head has renamed', () => {
    const { rules } = parseRules([{ identity: 'header:x-id', why: 'a test' }], 'test')
    const answer = (from: 'legacy' | 'modern', id: string) =>
      observed(from, {
        headers: ['Content-Type', 'application/json', 'X-Id', id],
        body: '{"self":"/u/7"}',
      })
    const kinds = (id: string) =>
      compare(answer('legacy', '7'), answer('modern', id), rules).differences.map(
        ({ kind, path }) => `${kind} ${path}`,
      )
    assert.deepEqual([kinds('7'), kinds('9')], [[], ['identity /self']])
  })

  for (const [legacy, modern, expected] of named)
    it(`${expected.length === 0 ? 'names' : 'does not name'} ${legacy} by ${modern}`, () => {
      const { rules } = parseRules([{ identity: '/id', why: 'a test' }], 'test')
      const headers = ['Content-Type', 'application/json']
      const { differences } = compare(
        observed('legacy', { headers, body: legacy }),
        observed('modern', { headers, body: modern }),
        rules,
      )
      assert.deepEqual(
        differences.map(({ kind }) => kind),
        expected,
      )
    })

  it('names nothing unless a rule says so: ids of one database are equal', () => {
    const answer = (from: 'legacy' | 'modern', id: number) =>
      observed(from, { headers: ['Content-Type', 'application/json'], body: `{"id":${id}}` })
    assert.equal(compare(answer('legacy', 7), answer('modern', 9)).outcome, 'mismatch')
  })
})

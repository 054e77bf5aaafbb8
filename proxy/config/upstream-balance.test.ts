import assert from 'node:assert/strict'
import { parseConfig } from './parse.ts'
import type { Balance } from './upstream-config.ts'

const parse = (upstream: object) =>
  parseConfig([
    {
      file: 'banyan.yaml',
      text: JSON.stringify({
        upstreams: { php: { urls: ['http://a:1', 'http://b:1'], ...upstream } },
        routes: { rest: { match: '/*', legacy: 'php' } },
      }),
    },
  ])

describe('upstreams.NAME.balance', () => {
  const uid = { from: 'cookie', name: 'uid' } as const
  // biome-ignore format: a table reads best as a table
  const table: readonly (readonly [unknown, Balance])[] = [
    ['leastInFlight',                               'leastInFlight'],
    ['p2c',                                         'p2c'],
    [{ hash: 'cookie:uid' },                        { hash: [uid] }],
    [{ hash: 'header:X-User' },                     { hash: [{ from: 'header', name: 'x-user' }] }],
    [{ hash: ['cookie:uid', 'claim:sub', 'address'] }, { hash: [uid, { from: 'claim', name: 'sub' }, { from: 'address' }] }],
  ]
  for (const [written, balance] of table) {
    it(`reads ${JSON.stringify(written)}`, () => {
      const { config, diagnostics } = parse({ balance: written })
      assert.deepEqual(diagnostics, [])
      assert.deepEqual(config?.upstreams.php?.balance, balance)
    })
  }

  // biome-ignore format: a table reads best as a table
  const mistakes: readonly (readonly [unknown, string, string?])[] = [
    ['hash',                  'BC1103 a hash needs something to go by'],
    ['leastInflight',         'BC1103 "leastInflight" is not allowed here'],
    [{},                      'BC1110 a hash needs something to go by'],
    [{ hash: [] },            'BC1110 a hash needs something to go by'],
    [{ hash: 'session' },     'BC1108 expected what to hash by: cookie:uid, header:x-user-id, claim:sub or address'],
    [{ hash: ['cookie:'] },   'BC1108 expected what to hash by: cookie:uid, header:x-user-id, claim:sub or address'],
    [{ ring: 'cookie:uid' },  'BC1110 a hash needs something to go by', 'BC1101 unknown key "ring"'],
  ]
  for (const [written, ...messages] of mistakes) {
    it(`refuses ${JSON.stringify(written)}`, () => {
      const found = parse({ balance: written }).diagnostics
      assert.deepEqual(
        found.map((each) => `${each.code} ${each.message}`),
        messages,
      )
    })
  }

  it('takes an address that is written twice once', () => {
    const { config } = parse({ url: 'http://b:1' })
    assert.deepEqual(config?.upstreams.php?.urls, ['http://b:1', 'http://a:1'])
  })
})

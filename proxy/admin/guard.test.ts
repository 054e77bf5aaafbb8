import assert from 'node:assert/strict'
import { type AdminLab, type Ask, startAdmin } from './admin-lab.ts'

const json = { 'content-type': 'application/json' }
const kill: Ask = {
  method: 'POST',
  path: '/v1/kills',
  headers: json,
  body: JSON.stringify({ scope: 'all', for: '1h', reason: 'r' }),
}
const also = (headers: Readonly<Record<string, string>>): Ask => ({
  ...kill,
  headers: { ...json, ...headers },
})

describe('guard of the admin listener', () => {
  let lab: AdminLab
  before(async () => {
    lab = await startAdmin({
      breakers: () => {
        throw new Error('secret <b>cause</b>')
      },
    })
  })
  after(() => lab.close())

  const refused: readonly (readonly [string, Ask, number, string])[] = [
    [
      'a name that was rebound to loopback',
      { path: '/v1/status', headers: { host: 'evil.example' } },
      403,
      'host_not_allowed',
    ],
    ['a page of another origin', also({ origin: 'https://evil.example' }), 403, 'cross_origin'],
    [
      'a page of another port of this machine',
      also({ origin: 'http://127.0.0.1:1' }),
      403,
      'cross_origin',
    ],
    ['a sandboxed page', also({ origin: 'null' }), 403, 'cross_origin'],
    [
      'what a browser calls cross-site',
      also({ 'sec-fetch-site': 'cross-site' }),
      403,
      'cross_origin',
    ],
    [
      'what a browser calls same-site',
      also({ 'sec-fetch-site': 'same-site' }),
      403,
      'cross_origin',
    ],
    ['a form', { ...kill, headers: { 'content-type': 'text/plain' } }, 415, 'json_required'],
    ['a body of no type', { ...kill, headers: {} }, 415, 'json_required'],
    [
      'a change by DELETE from another origin',
      { method: 'DELETE', path: '/v1/kills/all', headers: { origin: 'https://evil.example' } },
      403,
      'cross_origin',
    ],
    ['a body that is no JSON', { ...kill, body: '{' }, 400, 'invalid_json'],
    ['a body that is a list', { ...kill, body: '[]' }, 400, 'invalid_json'],
    [
      'a body of 65 KiB',
      { ...kill, body: JSON.stringify({ reason: 'x'.repeat(65 * 1024) }) },
      413,
      'body_too_large',
    ],
    [
      'a method that does nothing here',
      { method: 'PUT', path: '/v1/kills', headers: json },
      405,
      'method_not_allowed',
    ],
    ['a path that is not there', { path: '/v1/nothing' }, 404, 'not_found'],
  ]
  for (const [what, ask, status, code] of refused) {
    it(`answers ${what} with ${status} ${code}`, async () => {
      const reply = await lab.admin(ask)
      const problem = JSON.parse(reply.text)
      assert.deepEqual([reply.status, problem.code], [status, code])
      assert.match(String(reply.headers['content-type']), /^application\/problem\+json/)
      assert.ok(problem.hint.length > 0 && problem.detail.length > 0)
    })
  }

  it('carries out none of what it refuses', async () => {
    const { text } = await lab.admin({ path: '/v1/kills' })
    assert.deepEqual(JSON.parse(text), { kills: [] })
  })

  const accepted = [
    ['the command line', kill],
    ['a page of its own', also({ host: 'localhost:9901', origin: 'http://localhost:9901' })],
    ['an address typed by a person', also({ 'sec-fetch-site': 'none' })],
  ] as const
  for (const [what, ask] of accepted) {
    it(`lets ${what} make a change`, async () => {
      assert.equal((await lab.admin(ask)).status, 201)
      assert.equal((await lab.admin({ method: 'DELETE', path: '/v1/kills/all' })).status, 200)
    })
  }

  it('names the methods of a path that has others', async () => {
    const { headers } = await lab.admin({ method: 'PUT', path: '/v1/kills', headers: json })
    assert.match(String(headers.allow), /POST/)
  })

  it('puts safe headers on every answer, errors included', async () => {
    for (const path of ['/', '/livez', '/metrics', '/v1/kills', '/v1/nothing', '/v1/status']) {
      const { headers } = await lab.admin({ path })
      assert.equal(headers['x-content-type-options'], 'nosniff', path)
      assert.equal(headers['cache-control'], 'no-store', path)
      assert.match(String(headers['content-security-policy']), /default-src 'none'/, path)
    }
  })

  it('tells nothing of an error inside but that the log has it', async () => {
    const { status, text } = await lab.admin({ path: '/v1/status' })
    assert.equal(status, 500)
    assert.doesNotMatch(text, /secret|<b>/)
    assert.ok(
      lab.heard.some(({ event, fields }) => event === 'internal_error' && fields.where === 'admin'),
    )
  })

  it('reflects nothing of what was asked as markup', async () => {
    for (const path of [
      '/<script>alert(1)</script>',
      '/v1/routes/%3Cscript%3E',
      '/v1/routes/%1b%5b2J',
    ]) {
      const { text, headers } = await lab.admin({ path })
      assert.doesNotMatch(text, /<script>|(?!\n)\p{Cc}/u)
      assert.match(String(headers['content-type']), /json/)
    }
  })
})

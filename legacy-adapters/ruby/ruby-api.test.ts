import assert from 'node:assert/strict'
import { callJson } from '../../contract-tests/lab/call-json.ts'
import { ann, eachLegacy, jake, makeToken } from '../../contract-tests/lab/each-legacy.ts'

const blank = ["can't be blank"]
const noProfile = { errors: { profile: ['not found'] } }
const noRoute = { errors: { route: ['not found'] } }
const invalid = { errors: { credentials: ['invalid'] } }
const notJson = { errors: { body: ['is not valid JSON'] } }

eachLegacy('ruby', (legacy) => {
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(legacy().url + path, init)
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) }
  }
  const call = (line: string, headers: Record<string, string>) =>
    callJson(legacy().url, { line, headers })
  const login = (body: string | Uint8Array<ArrayBuffer>) =>
    ask('/api/users/login', { method: 'POST', body })

  it('signs in, with a token that it takes back', async () => {
    const { status, headers, json } = await login(
      '{"user":{"email":"jake@example.com","password":"jakejake"}}',
    )
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
    const { token, ...rest } = json.user
    assert.deepEqual(rest, { email: 'jake@example.com', username: 'jake', bio: null, image: null })
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
    assert.equal(claims.id, 1)
    assert.ok(claims.exp > Date.now() / 1000)
    const me = await ask('/api/user', { headers: { authorization: `Token ${token}` } })
    assert.deepEqual(me.json, json)
  })

  for (const [body, status, expected] of [
    ['{"user":{"email":"jake@example.com","password":"wrong"}}', 401, invalid],
    ['{"user":{"email":"nobody@example.com","password":"jakejake"}}', 401, invalid],
    ['{"user":{"email":"JAKE@example.com","password":"jakejake"}}', 401, invalid],
    ['{"user":{"email":"\' OR 1=1 --","password":"?"}}', 401, invalid],
    ['{"user":{"email":"jake@example.com","password":"a\\u0000b"}}', 401, invalid],
    ['{"user":{"email":"jake@example.com"}}', 422, { errors: { password: blank } }],
    ['{"user":{"email":"","password":1}}', 422, { errors: { email: blank, password: blank } }],
    ['{"user":[]}', 422, { errors: { email: blank, password: blank } }],
    ['[]', 422, { errors: { email: blank, password: blank } }],
    ['{"user":', 400, notJson],
    ['', 400, notJson],
    ['['.repeat(5000), 400, notJson],
  ] as const) {
    it(`answers ${status} to the login ${body.slice(0, 60)}`, async () => {
      const answer = await login(body)
      assert.deepEqual({ status: answer.status, json: answer.json }, { status, json: expected })
    })
  }

  it('answers 400 to a login that is no UTF-8', async () => {
    assert.equal((await login(new Uint8Array([34, 255, 34]))).status, 400)
  })

  it('shows a profile, names of any script', async () => {
    const { status, text } = await ask('/api/profiles/%C3%84nn%20O%E2%80%99Neil')
    assert.equal(status, 200)
    const rest = '"bio":"a/b \\"c\\" <d>","image":"http://example.com/ä.png","following":false'
    assert.equal(text, `{"profile":{"username":"Änn O’Neil",${rest}}}`)
  })

  it('knows whom the caller follows', async () => {
    const { json } = await ask('/api/profiles/%C3%84nn%20O%E2%80%99Neil', { headers: jake() })
    assert.equal(json.profile.following, true)
  })

  for (const [path, expected] of [
    ['/api/profiles/nobody', noProfile],
    ['/api/profiles/JAKE', noProfile],
    ['/api/profiles/j%3Fke', noProfile],
    ["/api/profiles/'--%22", noProfile],
    ['/api/profiles/%00', noProfile],
    ['/api/profiles/%FF', noRoute],
    ['/api/profiles/a/b', noRoute],
    ['/', noRoute],
  ] as const) {
    it(`answers 404 to ${path}`, async () => {
      const { status, json } = await ask(path)
      assert.deepEqual({ status, json }, { status: 404, json: expected })
    })
  }

  it('follows, and stops, however often', async () => {
    const path = '/api/profiles/jake'
    for (const [method, following] of [
      ['POST', true],
      ['POST', true],
      ['DELETE', false],
      ['DELETE', false],
    ] as const) {
      const { status, json } = await call(`${method} ${path}/follow`, ann())
      const profile = { username: 'jake', bio: null, image: null, following }
      assert.deepEqual({ status, json }, { status: 200, json: { profile } })
      assert.deepEqual((await call(path, ann())).json, json)
    }
  })

  for (const [line, headers, expected] of [
    ['POST /api/profiles/nobody/follow', {}, { status: 401, token: ['is missing'] }],
    ['DELETE /api/profiles/nobody/follow', {}, { status: 401, token: ['is missing'] }],
    ['POST /api/profiles/nobody/follow', ann(), { status: 404, profile: ['not found'] }],
    ['DELETE /api/profiles/nobody/follow', ann(), { status: 404, profile: ['not found'] }],
    ['POST /api/profiles/jake/follow', jake(), { status: 422, username: ['is not valid'] }],
  ] as const) {
    it(`answers ${expected.status} to ${line}`, async () => {
      const { status, json } = await call(line, headers)
      assert.deepEqual({ status, ...json.errors }, expected)
    })
  }

  it('answers 401 without a token', async () => {
    const { status, json } = await ask('/api/user')
    assert.deepEqual({ status, json }, { status: 401, json: { errors: { token: ['is missing'] } } })
  })

  for (const [what, token] of [
    ['is no token', 'x'],
    ['has a wrong signature', makeToken({ id: 1 }).slice(0, -4)],
    ['is not signed', makeToken({ id: 1 }, { alg: 'none' }).replace(/[^.]*$/, '')],
    ['names another algorithm', makeToken({ id: 1 }, { alg: 'HS512' })],
    ['has expired', makeToken({ id: 1, exp: 1_000_000_000 })],
    ['names nobody', makeToken({ id: 99 })],
    ['names a user by text', makeToken({ id: '1' })],
    ['claims nothing', makeToken([])],
    ['has four parts', `${makeToken({ id: 1 })}.x`],
  ] as const) {
    it(`answers 401 to a token that ${what}`, async () => {
      const { status, json } = await ask('/api/user', {
        headers: { authorization: `Token ${token}` },
      })
      assert.deepEqual(
        { status, json },
        { status: 401, json: { errors: { token: ['is invalid'] } } },
      )
    })
  }

  it('gives a request id back, or makes one', async () => {
    const given = await ask('/api/user', { headers: { 'x-request-id': 'abc-1' } })
    assert.equal(given.headers.get('x-request-id'), 'abc-1')
    const made = await ask('/api/user', { headers: { 'x-request-id': 'no <good>' } })
    assert.match(made.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
    assert.match(made.headers.get('x-runtime') ?? '', /^\d+\.\d{6}$/)
  })

  it('answers HEAD without a body, and is well', async () => {
    const response = await fetch(`${legacy().url}/status`, { method: 'HEAD' })
    assert.deepEqual([response.status, await response.text()], [200, ''])
    assert.equal(await (await fetch(`${legacy().url}/status`)).text(), 'ok\n')
  })
})

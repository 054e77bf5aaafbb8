import assert from 'node:assert/strict'
import { callJson, type JsonAnswer } from '../../contract-tests/lab/call-json.ts'
import { eachLegacy, jake } from '../../contract-tests/lab/each-legacy.ts'

const blank = ["can't be blank"]
const taken = ['has already been taken']
const wrong = ['is not valid']
const short = ['is too short (minimum is 8 characters)']
const long = (most: string): string[] => [`is too long (maximum is ${most})`]

const errors = ({ status, json }: JsonAnswer): object => ({ status, ...json.errors })

eachLegacy('ruby', (legacy) => {
  const call = (line: string, body?: unknown, headers = {}): Promise<JsonAnswer> =>
    callJson(legacy().url, { line, headers, body })
  const signUp = (user: unknown): Promise<JsonAnswer> => call('POST /api/users', { user })
  const logIn = (email: string, password: string): Promise<JsonAnswer> =>
    call('POST /api/users/login', { user: { email, password } })
  const tokenOf = async (name: string): Promise<Record<string, string>> => {
    const user = { username: name, email: `${name}@example.com`, password: 'password' }
    return { authorization: `Token ${(await signUp(user)).json.user.token}` }
  }

  it('signs up, and lets in who did', async () => {
    const user = { username: 'Ольга 😀', email: 'olga@пример.рф', password: 'пароль 8' }
    const { status, json } = await signUp(user)
    assert.equal(status, 201)
    const { token, ...rest } = json.user
    const { username, email } = user
    assert.deepEqual(rest, { email, username, bio: null, image: null })
    const me = await call('/api/user', undefined, { authorization: `Token ${token}` })
    assert.deepEqual(me.json, json)
    assert.equal((await logIn(email, user.password)).status, 200)
    assert.equal((await logIn(email, `${user.password}x`)).status, 401)
  })

  const all = { username: 'u', email: 'u@x', password: 'password' }
  for (const [what, user, expected] of [
    ['nothing', {}, { username: blank, email: blank, password: blank }],
    ['a list', [], { username: blank, email: blank, password: blank }],
    ['null', null, { username: blank, email: blank, password: blank }],
    [
      'white space',
      { username: ' \u3000', email: '\n', password: '' },
      { username: blank, email: blank, password: blank },
    ],
    [
      'numbers',
      { username: 1, email: {}, password: true },
      { username: blank, email: blank, password: blank },
    ],
    ['an address without @', { ...all, email: 'x' }, { email: wrong }],
    ['a short password', { ...all, password: 'пароль7' }, { password: short }],
    ['a password with a NUL', { ...all, password: 'pass\0word' }, { password: wrong }],
    ['a long name', { ...all, username: 'ä'.repeat(256) }, { username: long('255 characters') }],
    ['a long address', { ...all, email: '@'.repeat(256) }, { email: long('255 characters') }],
    ['a name that is taken', { ...all, username: 'jake' }, { username: taken }],
    [
      'a name and an address that are taken',
      { ...all, username: 'jake', email: 'ann@example.com' },
      { username: taken, email: taken },
    ],
  ] as const) {
    it(`answers 422 to the account of ${what}`, async () => {
      assert.deepEqual(errors(await signUp(user)), { status: 422, ...expected })
    })
  }

  it('gives a name to one of many who ask at once', async () => {
    const user = { username: 'rush', email: 'rush@example.com', password: 'password' }
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => signUp(user)))
    const statuses = answers.map(({ status }) => status).sort()
    assert.deepEqual(statuses, [201, 422, 422, 422, 422])
  })

  it('changes what is named, and no more', async () => {
    const headers = await tokenOf('changing')
    const user = { bio: 'a/b 😀', image: 'http://example.com/ä.png' }
    const first = await call('PUT /api/user', { user }, headers)
    assert.equal(first.status, 200)
    const { token, ...rest } = first.json.user
    const names = { email: 'changing@example.com', username: 'changing' }
    assert.deepEqual(rest, { ...names, ...user })
    assert.equal(token.split('.').length, 3)
    const second = await call('PUT /api/user', { user: { bio: '', image: null } }, headers)
    assert.deepEqual([second.json.user.bio, second.json.user.image], [null, null])
    const name = { username: 'changed', password: 'another password' }
    const third = await call('PUT /api/user', { user: { ...name, id: 1 } }, headers)
    assert.equal(third.json.user.username, 'changed')
    assert.equal((await logIn('changing@example.com', 'password')).status, 401)
    assert.equal((await logIn('changing@example.com', 'another password')).status, 200)
  })

  it('lets users keep their own names', async () => {
    const user = { username: 'jake', email: 'jake@example.com' }
    for (const given of [user, {}]) {
      assert.equal((await call('PUT /api/user', { user: given }, jake())).status, 200)
    }
    assert.equal((await call('PUT /api/user', {}, jake())).status, 200)
  })

  for (const [what, user, expected] of [
    [
      'null',
      { username: null, email: null, password: null },
      { username: blank, email: blank, password: blank },
    ],
    [
      'nothing',
      { username: ' ', email: '', password: '' },
      { username: blank, email: blank, password: blank },
    ],
    ['numbers', { bio: 1, image: false }, { bio: wrong, image: wrong }],
    ['texts that are wrong', { email: 'x', password: 'x' }, { email: wrong, password: short }],
    [
      'long texts',
      { bio: 'ä'.repeat(32_768), image: 'x'.repeat(1001) },
      { bio: long('65535 bytes'), image: long('1000 characters') },
    ],
    [
      'what is taken',
      { username: 'Änn O’Neil', email: 'ann@example.com' },
      { username: taken, email: taken },
    ],
  ] as const) {
    it(`answers 422 to a change to ${what}`, async () => {
      const answer = await call('PUT /api/user', { user }, jake())
      assert.deepEqual(errors(answer), { status: 422, ...expected })
    })
  }

  for (const body of [
    '{"user":{"bio":"\\ud800"}}',
    '[{"\\udc00":1}]',
    '['.repeat(513) + ']'.repeat(513),
  ]) {
    it(`answers 400 to ${body.slice(0, 30)}`, async () => {
      const answer = await call('PUT /api/user', body, jake())
      assert.deepEqual(errors(answer), { status: 400, body: ['is not valid JSON'] })
    })
  }

  it('asks for the token before it reads', async () => {
    const answer = await call('PUT /api/user', 'no JSON')
    assert.deepEqual(errors(answer), { status: 401, token: ['is missing'] })
  })

  for (const line of ['POST /api/users', 'PUT /api/user']) {
    it(`answers 400 to ${line} with what is no JSON, 413 to more than 8 MiB`, async () => {
      assert.deepEqual(errors(await call(line, '{', jake())), {
        ...{ status: 400, body: ['is not valid JSON'] },
      })
      const large = await call(line, `"${'x'.repeat(8 * 1024 * 1024)}"`, jake())
      assert.deepEqual(errors(large), { status: 413, body: ['is too large'] })
    })
  }
})

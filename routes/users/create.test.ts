import assert from 'node:assert/strict'
import { authorize, describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

const anna = { username: 'anna', email: 'anna@example.com', password: 'annaanna' }
const blank = ["can't be blank"]
const taken = ['has already been taken']
const wrong = ['is not valid']
const long = ['is too long (maximum is 255 characters)']
const short = ['is too short (minimum is 8 characters)']

describeEachApp('users.create', await probeMariadb(), (app) => {
  const create = (user: unknown) => app.send('POST /api/users', {}, { user })

  it('answers 201 with the new user and a token that works at once', async () => {
    const { body } = await create({ ...anna, bio: 'not asked for' }).expect(201)
    const { token, ...rest } = body.user
    assert.deepEqual(rest, { email: anna.email, username: 'anna', bio: null, image: null })
    const me = await app.get('/api/user', { authorization: `Token ${token}` }).expect(200)
    assert.deepEqual(me.body, body)
  })

  it('lets the new user log in', async () => {
    await app.send('POST /api/users/login', {}, { user: anna }).expect(200)
  })

  it('makes one user of many who come at once, and tells the others', async () => {
    const twin = { username: 'twin', email: 'twin@example.com', password: 'twintwin' }
    const answers = await Promise.all(Array.from({ length: 6 }, () => create(twin)))
    const statuses = answers.map(({ status }) => status).sort()
    assert.deepEqual(statuses, [201, 422, 422, 422, 422, 422])
    const refused = answers.find(({ status }) => status === 422)
    assert.deepEqual(refused?.body, { errors: { username: taken, email: taken } })
  })

  const other = { username: 'bert', email: 'bert@example.com', password: 'bertbert' }
  const refusals: readonly (readonly [string, unknown, object])[] = [
    ['nothing', undefined, { username: blank, email: blank, password: blank }],
    ['a list', [], { username: blank, email: blank, password: blank }],
    ['white space', { ...other, username: ' \n' }, { username: blank }],
    ['a number', { ...other, username: 7 }, { username: blank }],
    ['an email without @', { ...other, email: 'bert' }, { email: wrong }],
    ['seven characters', { ...other, password: '😀234567' }, { password: short }],
    ['a password with a NUL', { ...other, password: '1234567\0' }, { password: wrong }],
    ['256 characters', { ...other, username: '😀'.repeat(256) }, { username: long }],
    ['256 spaces', { ...other, username: ' '.repeat(256) }, { username: long }],
    ['a taken username', { ...other, username: 'jake' }, { username: taken }],
    ['a taken email', { ...other, email: 'jake@example.com' }, { email: taken }],
    [
      'a taken name with a bad password',
      { ...other, username: 'jake', password: 'x' },
      { password: short },
    ],
  ]
  for (const [title, user, errors] of refusals) {
    it(`answers 422 to ${title}`, async () => {
      const { body } = await create(user).expect(422)
      assert.deepEqual(body, { errors })
    })
  }

  it('takes a name of any script, and keeps it letter by letter', async () => {
    const username = 'Ünï <b> 名前 😀'
    const user = { ...other, username, email: 'ü@例え.jp' }
    const { body } = await create(user).expect(201)
    assert.equal(body.user.username, username)
    const path = `/api/profiles/${encodeURIComponent(username)}` as const
    assert.equal((await app.get(path).expect(200)).body.profile.username, username)
  })

  it('tells nobody of failures, for there were none', () => assert.deepEqual(app.failures, []))
})

describeEachApp('users.login', await probeMariadb(), (app) => {
  const login = (body: unknown) => app.send('POST /api/users/login', {}, body)

  it('answers with a token that names the user for sixty days', async () => {
    const user = { email: 'jake@example.com', password: 'jakejake' }
    const { body } = await login({ user }).expect(200)
    const [head = '', claims = ''] = body.user.token.split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    assert.deepEqual(read(head), { alg: 'HS256', typ: 'JWT' })
    const { exp, ...rest } = read(claims)
    assert.deepEqual(rest, { id: 1, username: 'jake' })
    assert.ok(Math.abs(exp - Date.now() / 1000 - 60 * 86_400) < 60)
  })

  const invalid = { credentials: ['invalid'] }
  const cases: readonly (readonly [unknown, number, object])[] = [
    [{ user: { email: 'jake@example.com', password: 'wrong' } }, 401, invalid],
    [{ user: { email: 'nobody@example.com', password: 'jakejake' } }, 401, invalid],
    [{ user: { email: 'JAKE@example.com', password: 'jakejake' } }, 401, invalid],
    [{ user: { email: 'jake@example.com', password: 'jakejake\0' } }, 401, invalid],
    [{ user: { email: '', password: 1 } }, 422, { email: blank, password: blank }],
    [{}, 422, { email: blank, password: blank }],
    ['[]', 422, { email: blank, password: blank }],
    ['{"user":', 400, { body: ['is not valid JSON'] }],
    ['', 400, { body: ['is not valid JSON'] }],
  ]
  for (const [body, status, errors] of cases) {
    it(`answers ${status} to ${JSON.stringify(body)}`, async () => {
      assert.deepEqual((await login(body).expect(status)).body, { errors })
    })
  }
})

describeEachApp('user.get', await probeMariadb(), (app) => {
  it('shows the caller with the token that came', async () => {
    const headers = await authorize({ id: 2 })
    const { body } = await app.get('/api/user', headers).expect(200)
    assert.equal(`Token ${body.user.token}`, headers.authorization)
    assert.equal(body.user.email, 'ann@example.com')
  })

  it('says that a token is missing, or invalid', async () => {
    const missing = await app.get('/api/user').expect(401)
    assert.deepEqual(missing.body, { errors: { token: ['is missing'] } })
    const bad = await app.get('/api/user', { authorization: 'Token x' }).expect(401)
    assert.deepEqual(bad.body, { errors: { token: ['is invalid'] } })
  })
})

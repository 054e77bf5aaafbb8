import assert from 'node:assert/strict'
import { authorize, describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

const blank = ["can't be blank"]
const taken = ['has already been taken']
const wrong = ['is not valid']

describeEachApp('user.update', await probeMariadb(), (app) => {
  const update = async (user: unknown) =>
    app.send('PUT /api/user', await authorize({ id: 1 }), { user })

  it('leaves alone what is not named', async () => {
    const { status, body } = await update({ bio: 'I <b>work</b>' })
    assert.equal(status, 200)
    const { token, ...rest } = body.user
    assert.equal(token.split('.').length, 3)
    const { email, username, bio, image } = rest
    assert.deepEqual(
      [email, username, bio, image],
      ['jake@example.com', 'jake', 'I <b>work</b>', null],
    )
  })

  it('takes null and an empty text for none', async () => {
    await update({ bio: 'x', image: 'https://example.com/x.png' })
    const { body } = await update({ bio: null, image: '' })
    assert.deepEqual([body.user.bio, body.user.image], [null, null])
  })

  it('changes the password, and the old one is good no more', async () => {
    await update({ password: 'новый пароль' })
    const login = (password: string) =>
      app.send('POST /api/users/login', {}, { user: { email: 'jake@example.com', password } })
    await login('jakejake').expect(401)
    await login('новый пароль').expect(200)
  })

  it('lets a user keep the own name and email', async () => {
    const { status } = await update({ username: 'jake', email: 'jake@example.com' })
    assert.equal(status, 200)
  })

  it('gives a token that names the new name', async () => {
    const { body } = await update({ username: 'jacob' })
    const claims = JSON.parse(Buffer.from(body.user.token.split('.')[1], 'base64url').toString())
    assert.equal(claims.username, 'jacob')
    await update({ username: 'jake' })
  })

  const refusals: readonly (readonly [object, object])[] = [
    [{ username: '' }, { username: blank }],
    [{ email: null }, { email: blank }],
    [{ email: 'jake' }, { email: wrong }],
    [{ password: 'short' }, { password: ['is too short (minimum is 8 characters)'] }],
    [{ bio: 7 }, { bio: wrong }],
    [{ image: 'x'.repeat(1001) }, { image: ['is too long (maximum is 1000 characters)'] }],
    [{ username: 'Änn O’Neil' }, { username: taken }],
    [{ email: 'ann@example.com', bio: 'lost' }, { email: taken }],
  ]
  for (const [changes, errors] of refusals) {
    it(`answers 422 to ${JSON.stringify(changes).slice(0, 40)} and changes nothing`, async () => {
      const before = await app.get('/api/user', await authorize({ id: 1 }))
      const { status, body } = await update(changes)
      assert.deepEqual([status, body], [422, { errors }])
      const after = await app.get('/api/user', await authorize({ id: 1 }))
      assert.deepEqual(after.body.user.bio, before.body.user.bio)
    })
  }

  it('wants a token', async () => {
    await app.send('PUT /api/user', {}, { user: {} }).expect(401)
  })
})

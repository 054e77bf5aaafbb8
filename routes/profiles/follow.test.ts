import assert from 'node:assert/strict'
import { authorize, describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

describeEachApp('profiles.follow and unfollow', await probeMariadb(), (app) => {
  const path = '/api/profiles/jake/follow'

  it('follows, however often it is asked, and stops likewise', async () => {
    const ann = await authorize({ id: 2 })
    for (let i = 0; i < 2; i += 1) {
      const { body } = await app.send(`POST ${path}`, ann).expect(200)
      assert.deepEqual(body.profile, { username: 'jake', bio: null, image: null, following: true })
    }
    assert.equal((await app.get('/api/profiles/jake', ann)).body.profile.following, true)
    for (let i = 0; i < 2; i += 1) {
      const { body } = await app.send(`DELETE ${path}`, ann).expect(200)
      assert.equal(body.profile.following, false)
    }
    assert.equal((await app.get('/api/profiles/jake', ann)).body.profile.following, false)
  })

  it('follows once when asked many times at once', async () => {
    const ann = await authorize({ id: 2 })
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => app.send(`POST ${path}`, ann)),
    )
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  })

  it('wants a token before it says who is there', async () => {
    const { body } = await app.send('POST /api/profiles/nobody/follow').expect(401)
    assert.deepEqual(body, { errors: { token: ['is missing'] } })
    await app.send('DELETE /api/profiles/nobody/follow').expect(401)
  })

  it('lets nobody follow himself', async () => {
    const { status, body } = await app.send(`POST ${path}`, await authorize({ id: 1 }))
    assert.deepEqual([status, body], [422, { errors: { username: ['is not valid'] } }])
  })

  it('answers 404 for somebody unknown', async () => {
    const jake = await authorize({ id: 1 })
    for (const method of ['POST', 'DELETE'] as const) {
      const { body } = await app.send(`${method} /api/profiles/nobody/follow`, jake).expect(404)
      assert.deepEqual(body, { errors: { profile: ['not found'] } })
    }
  })

  it('tells nobody of failures, for there were none', () => assert.deepEqual(app.failures, []))
})

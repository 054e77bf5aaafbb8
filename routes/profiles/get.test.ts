import assert from 'node:assert/strict'
import { authorize, describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

describeEachApp('profiles.get', await probeMariadb(), (app) => {
  const path = `/api/profiles/${encodeURIComponent('Änn O’Neil')}`
  const ann = { username: 'Änn O’Neil', bio: 'a/b "c" <d>', image: 'http://example.com/ä.png' }

  it('shows a user, followed by nobody in particular', async () => {
    const { body } = await app.get(path).expect(200)
    assert.deepEqual(body, { profile: { ...ann, following: false } })
  })

  it('says whether the caller follows', async () => {
    const jake = await app.get(path, await authorize({ id: 1 })).expect(200)
    assert.equal(jake.body.profile.following, true)
    const herself = await app.get(path, await authorize({ id: 2 })).expect(200)
    assert.equal(herself.body.profile.following, false)
  })

  it('reads a name however its letters are escaped', async () => {
    const { body } = await app.get('/%61pi/profiles/%6A%61ke').expect(200)
    assert.deepEqual(body.profile, { username: 'jake', bio: null, image: null, following: false })
  })

  for (const name of ['nobody', 'JAKE', 'jake%00']) {
    it(`answers 404 for ${name}`, async () => {
      const { body } = await app.get(`/api/profiles/${name}`).expect(404)
      assert.deepEqual(body, { errors: { profile: ['not found'] } })
    })
  }
})

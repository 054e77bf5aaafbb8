import assert from 'node:assert/strict'
import { authorize, describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

describeEachApp('favorites.add and remove', await probeMariadb(), (app) => {
  const path = '/api/articles/by-jake/favorite'

  it('favors once, however often and however many at once it is asked', async () => {
    const ann = await authorize({ id: 2 })
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => app.send(`POST ${path}`, ann).expect(200)),
    )
    for (const { body } of answers) {
      assert.deepEqual([body.article.favorited, body.article.favoritesCount], [true, 1])
    }
    assert.deepEqual((await app.get('/api/articles/by-jake', ann)).body, answers[0]?.body)
  })

  it('counts everybody, and takes back only the caller’s', async () => {
    await app.send(`POST ${path}`, await authorize({ id: 1 })).expect(200)
    for (let i = 0; i < 2; i += 1) {
      const { body } = await app.send(`DELETE ${path}`, await authorize({ id: 2 })).expect(200)
      assert.deepEqual([body.article.favorited, body.article.favoritesCount], [false, 1])
      assert.equal(body.article.body, 'b')
    }
  })

  it('wants a token and an article', async () => {
    for (const method of ['POST', 'DELETE'] as const) {
      await app.send(`${method} ${path}`).expect(401)
      const jake = await authorize({ id: 1 })
      const { body } = await app.send(`${method} /api/articles/nope/favorite`, jake).expect(404)
      assert.deepEqual(body, { errors: { article: ['not found'] } })
    }
  })

  it('tells nobody of failures, for there were none', () => assert.deepEqual(app.failures, []))
})

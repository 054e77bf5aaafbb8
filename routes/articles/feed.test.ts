import assert from 'node:assert/strict'
import { authorize, describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

describeEachApp('articles.feed', await probeMariadb(), (app) => {
  const feed = async (id: number, query = '') => {
    const { body } = await app
      .get(`/api/articles/feed${query}`, await authorize({ id }))
      .expect(200)
    const articles: readonly { slug: string; body?: string }[] = body.articles
    assert.ok(articles.every((article) => article.body === undefined))
    return [articles.map(({ slug }) => slug), body.articlesCount]
  }

  it('shows those whom the caller follows, newest first', async () => {
    assert.deepEqual(await feed(1), [['中文', 'hello-world'], 2])
  })

  it('pages, and counts all', async () => {
    assert.deepEqual(await feed(1, '?limit=1&offset=1'), [['hello-world'], 2])
  })

  it('shows nothing to who follows nobody', async () => assert.deepEqual(await feed(2), [[], 0]))

  it('wants a token', async () => {
    const { body } = await app.get('/api/articles/feed').expect(401)
    assert.deepEqual(body, { errors: { token: ['is missing'] } })
  })
})

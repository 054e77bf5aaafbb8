import assert from 'node:assert/strict'
import { authorize, describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

describeEachApp('articles.get', await probeMariadb(), (app) => {
  it('shows the article with its body', async () => {
    const { body } = await app
      .get('/api/articles/hello-world', await authorize({ id: 1 }))
      .expect(200)
    assert.equal(body.article.body, 'line one\nline two')
    assert.deepEqual(Object.keys(body.article).slice(0, 4), [
      'slug',
      'title',
      'description',
      'body',
    ])
    assert.deepEqual(body.article.tagList, ['a/b', 'тег'])
    assert.equal(body.article.favorited, true)
    assert.equal(body.article.author.following, true)
  })

  it('finds a slug of any script', async () => {
    const { body } = await app.get('/api/articles/%E4%B8%AD%E6%96%87').expect(200)
    assert.equal(body.article.title, '中文')
  })

  it('shows a missing bio and image as null', async () => {
    const { body } = await app.get('/api/articles/by-jake').expect(200)
    assert.deepEqual(body.article.author, {
      username: 'jake',
      bio: null,
      image: null,
      following: false,
    })
  })

  for (const slug of ['nope', 'Hello-World', 'hello-world%00', '%27']) {
    it(`answers 404 for ${slug}`, async () => {
      const { body } = await app.get(`/api/articles/${slug}`).expect(404)
      assert.deepEqual(body, { errors: { article: ['not found'] } })
    })
  }

  for (const path of ['a%2Fb', '%ff', 'hello-world/']) {
    it(`knows no route to ${path}`, async () => {
      const { body } = await app.get(`/api/articles/${path}`).expect(404)
      assert.deepEqual(body, { errors: { route: ['not found'] } })
    })
  }
})

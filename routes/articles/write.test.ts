import assert from 'node:assert/strict'
import { authorize, describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

const blank = ["can't be blank"]
const wrong = ['is not valid']
const texts = { title: 'How to <train>', description: 'd "q" \\', body: 'line\n😀 </script>' }

describeEachApp('articles.create', await probeMariadb(), (app) => {
  const create = async (article: unknown) =>
    app.send('POST /api/articles', await authorize({ id: 1 }), { article })

  it('answers 201 with the article as it will be shown', async () => {
    const { status, body } = await create({ ...texts, tagList: [' b ', 'тег', '', 'b', 'a/b'] })
    assert.equal(status, 201)
    const { createdAt, updatedAt, ...rest } = body.article
    assert.deepEqual(rest, {
      ...{ slug: 'how-to-train', ...texts, tagList: ['b', 'тег', 'a/b'] },
      ...{ favorited: false, favoritesCount: 0 },
      author: { username: 'jake', bio: null, image: null, following: false },
    })
    assert.equal(createdAt, updatedAt)
    assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/)
    const shown = await app.get('/api/articles/how-to-train').expect(200)
    assert.deepEqual(shown.body, body)
  })

  it('numbers the slug of a title that is there already', async () => {
    const slugs: string[] = []
    for (let i = 0; i < 3; i += 1) slugs.push((await create(texts)).body.article.slug)
    assert.deepEqual(slugs, ['how-to-train-2', 'how-to-train-3', 'how-to-train-4'])
  })

  it('knows a tag that is there from one that is not', async () => {
    const { body } = await app.get('/api/tags')
    assert.deepEqual(body.tags.toSorted(), ['a/b', 'b', 'тег'])
  })

  const refusals: readonly (readonly [unknown, object])[] = [
    [undefined, { title: blank, description: blank, body: blank }],
    [{ ...texts, title: ' ' }, { title: blank }],
    [
      { ...texts, body: null, description: 7 },
      { description: blank, body: blank },
    ],
    [{ ...texts, tagList: 'a,b' }, { tagList: wrong }],
    [{ ...texts, tagList: ['a', 7] }, { tagList: wrong }],
    [{ ...texts, tagList: ['x'.repeat(256)] }, { tagList: wrong }],
    [{ ...texts, title: '😀'.repeat(256) }, { title: ['is too long (maximum is 255 characters)'] }],
    [
      { ...texts, description: 'ж'.repeat(32_768) },
      { description: ['is too long (maximum is 65535 bytes)'] },
    ],
  ]
  for (const [article, errors] of refusals) {
    it(`answers 422 to ${JSON.stringify(article)?.slice(-50)}`, async () => {
      const { status, body } = await create(article)
      assert.deepEqual([status, body], [422, { errors }])
    })
  }

  it('answers 401 before it reads what is sent', async () => {
    const { body } = await app.send('POST /api/articles', {}, '{').expect(401)
    assert.deepEqual(body, { errors: { token: ['is missing'] } })
  })

  it('takes what its columns just hold', async () => {
    const long = { title: '😀'.repeat(254), description: `ж`.repeat(32_767), body: 'x'.repeat(1e6) }
    const { status, body } = await create({ ...long, title: `${long.title}x` })
    assert.equal(status, 201)
    assert.deepEqual([body.article.description, body.article.body], [long.description, long.body])
  })

  for (const [title, sent] of [
    ['is no JSON', '{'],
    ['is empty', ''],
    ['has half a surrogate pair', '{"article":{"title":"\\ud800"}}'],
    ['begins with a byte order mark', '\ufeff{}'],
  ] as const) {
    it(`answers 400 to what ${title}`, async () => {
      const { body } = await app.send('POST /api/articles', await authorize({ id: 1 }), sent)
      assert.deepEqual(body, { errors: { body: ['is not valid JSON'] } })
    })
  }

  it('answers 413 to more than 8 MiB, and lives on', async () => {
    const { status, body } = await create({ ...texts, body: 'x'.repeat(8 * 1024 * 1024) })
    assert.deepEqual([status, body], [413, { errors: { body: ['is too large'] } }])
  })

  it('tells nobody of failures, for there were none', () => assert.deepEqual(app.failures, []))
})

describeEachApp('articles.update', await probeMariadb(), (app) => {
  const update = async (slug: string, article: unknown) =>
    app.send(`PUT /api/articles/${slug}`, await authorize({ id: 1 }), { article })

  it('leaves alone what is not named, the slug with the title', async () => {
    const { status, body } = await update('by-jake', { title: 'By Jake', body: 'new' })
    assert.equal(status, 200)
    const { slug, title, description, body: text, createdAt, updatedAt } = body.article
    assert.deepEqual([slug, title, description, text], ['by-jake', 'By Jake', 'd', 'new'])
    assert.equal(createdAt, '2024-04-30T00:00:00.000Z')
    assert.ok(updatedAt > createdAt)
  })

  it('gives another title another slug, and finds it by that only', async () => {
    const { body } = await update('by-jake', { title: 'Hello, world' })
    assert.equal(body.article.slug, 'hello-world-2')
    await app.get('/api/articles/by-jake').expect(404)
    await update('hello-world-2', { title: 'By Jake' })
    await app.get('/api/articles/by-jake').expect(200)
  })

  const cases: readonly (readonly [string, unknown, number, object])[] = [
    ['by-jake', { title: '' }, 422, { title: blank }],
    ['nope', { title: 'x' }, 404, { article: ['not found'] }],
    ['hello-world', { title: 'x' }, 403, { article: ['forbidden'] }],
    ['hello-world', { title: '' }, 403, { article: ['forbidden'] }],
  ]
  for (const [slug, article, status, errors] of cases) {
    it(`answers ${status} to ${JSON.stringify(article)} for ${slug}`, async () => {
      const answer = await update(slug, article)
      assert.deepEqual([answer.status, answer.body], [status, { errors }])
    })
  }
})

describeEachApp('articles.delete', await probeMariadb(), (app) => {
  it('deletes what hangs on the article, and nothing else', async () => {
    const ann = await authorize({ id: 2 })
    const answer = await app.send('DELETE /api/articles/hello-world', ann).expect(204)
    assert.equal(answer.text, '')
    await app.get('/api/articles/hello-world').expect(404)
    const { body } = await app.get('/api/stats')
    assert.deepEqual([body.articles, body.comments, body.averageFavorites], ['2', '0', '0.0000'])
    assert.equal((await app.get('/api/tags')).body.tags.length, 2)
  })

  it('refuses strangers and what is not there', async () => {
    const jake = await authorize({ id: 1 })
    const path = `DELETE /api/articles/${encodeURIComponent('中文')}` as const
    const theirs = await app.send(path, jake).expect(403)
    assert.deepEqual(theirs.body, { errors: { article: ['forbidden'] } })
    await app.send('DELETE /api/articles/nope', jake).expect(404)
    await app.send(path).expect(401)
  })
})

import assert from 'node:assert/strict'
import { callJson, type JsonAnswer } from '../../contract-tests/lab/call-json.ts'
import { ann, eachLegacy, jake } from '../../contract-tests/lab/each-legacy.ts'

const blank = ["can't be blank"]
const texts = { description: 'd', body: 'b' }
const errors = ({ status, json }: JsonAnswer): object => ({ status, ...json.errors })
const now = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/

eachLegacy('php', (legacy) => {
  const call = (line: string, body?: unknown, headers = jake()): Promise<JsonAnswer> =>
    callJson(legacy().url, { line, headers, body })
  const write = (article: object): Promise<JsonAnswer> => call('POST /api/articles', { article })
  const slugOf = async (title: string): Promise<string> =>
    (await write({ ...texts, title })).json.article.slug

  it('writes an article', async () => {
    const tagList = [' a/b', 'new', '', 'new ', 'тег']
    const { status, headers, text, json } = await write({ ...texts, title: 'A/B 😀', tagList })
    assert.equal(status, 201)
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
    const { createdAt, updatedAt, ...rest } = json.article
    assert.deepEqual(rest, {
      ...{ slug: 'a-b', title: 'A/B 😀', ...texts, tagList: ['a/b', 'new', 'тег'] },
      ...{ favorited: false, favoritesCount: 0 },
      author: { username: 'jake', bio: null, image: null, following: false },
    })
    assert.match(createdAt, now)
    assert.equal(updatedAt, createdAt)
    assert.match(text, /"title":"A\\\/B \\ud83d\\ude00"/)
    assert.deepEqual((await call('/api/articles/a-b')).json, json)
    const { tags } = (await call('/api/tags')).json
    assert.deepEqual([...tags].sort(), ['a/b', 'new', 'тег'])
  })

  for (const [title, expected] of [
    ['Hello, World!', 'hello-world-2'],
    ['HELLO — WORLD', 'hello-world-3'],
    ['Crème brûlée', 'crème-brûlée'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['हिन्दी में', 'हिन्दी-में'],
    ['日本語 の 題', '日本語-の-題'],
    ['?! 😀', 'article'],
    ['😀', 'article-2'],
    [`${'x'.repeat(149)} y`, 'x'.repeat(149)],
    ['𝒳'.repeat(200), '𝒳'.repeat(150)],
  ] as const) {
    it(`gives "${title.slice(0, 20)}" the slug ${expected.slice(0, 20)}`, async () => {
      const slug = await slugOf(title)
      assert.equal(slug, expected)
      const found = await call(`/api/articles/${encodeURIComponent(slug)}`)
      assert.equal(found.json.article.title, title)
    })
  }

  for (const [what, article, expected] of [
    ['nothing', {}, { title: blank, description: blank, body: blank }],
    ['a list', [], { title: blank, description: blank, body: blank }],
    ['white space', { ...texts, title: ' \n\u3000' }, { title: blank }],
    ['a number', { ...texts, title: 1 }, { title: blank }],
    ['null', { title: 't', description: null, body: 'b' }, { description: blank }],
    [
      'a long title',
      { ...texts, title: 'ä'.repeat(256) },
      { title: ['is too long (maximum is 255 characters)'] },
    ],
    [
      'a long description',
      { title: 't', body: 'b', description: '€'.repeat(21_846) },
      { description: ['is too long (maximum is 65535 bytes)'] },
    ],
    ...[null, 'a', {}, [1], [['a']], [null], ['t'.repeat(256)]].map(
      (tagList) =>
        [
          `the tags ${JSON.stringify(tagList).slice(0, 12)}`,
          { ...texts, title: 't', tagList },
          { tagList: ['is not valid'] },
        ] as const,
    ),
  ] as const) {
    it(`answers 422 to ${what}`, async () => {
      assert.deepEqual(errors(await write(article)), { status: 422, ...expected })
    })
  }

  it('takes what just fits', async () => {
    const article = {
      title: 'é'.repeat(255),
      description: 'd'.repeat(65_535),
      body: 'b'.repeat(70_000),
    }
    const { status, json } = await write({ ...article, tagList: ['t'.repeat(255)] })
    assert.equal(status, 201)
    assert.deepEqual({ ...json.article, ...article }, json.article)
  })

  it('renames, and keeps what is not named', async () => {
    const slug = await slugOf('First Name')
    const line = `PUT /api/articles/${slug}`
    const { status, json } = await call(line, { article: { title: 'Second Name' } })
    assert.equal(status, 200)
    const { title, description, body } = json.article
    assert.deepEqual({ title, description, body }, { ...texts, title: 'Second Name' })
    assert.equal(json.article.slug, 'second-name')
    assert.equal((await call(`/api/articles/${slug}`)).status, 404)
  })

  it('keeps the slug of a title that stays or gives the same slug', async () => {
    await slugOf('Twice')
    const line = `PUT /api/articles/${await slugOf('Twice')}`
    for (const article of [{ title: 'Twice', body: 'c' }, { title: 'twice!' }, {}]) {
      assert.equal((await call(line, { article })).json.article.slug, 'twice-2')
    }
  })

  it('answers 422 to a change that leaves nothing', async () => {
    const line = `PUT /api/articles/${await slugOf('Kept')}`
    const answer = await call(line, { article: { title: ' ', body: null, tagList: 1 } })
    assert.deepEqual(errors(answer), { status: 422, title: blank, body: blank })
  })

  it('deletes an article with all that hangs on it', async () => {
    const path = `/api/articles/${await slugOf('Gone')}`
    await call(`POST ${path}/comments`, { comment: { body: 'c' } })
    await call(`POST ${path}/favorite`)
    const { status, headers, text } = await call(`DELETE ${path}`)
    assert.deepEqual({ status, text }, { status: 204, text: '' })
    assert.equal(headers.get('content-type'), null)
    assert.equal((await call(`DELETE ${path}`)).status, 404)
    await slugOf('Gone')
    assert.deepEqual((await call(`${path}/comments`)).json, { comments: [] })
    assert.equal((await call(path)).json.article.favoritesCount, 0)
  })

  it('feeds the caller with those whom he follows', async () => {
    const { status, json } = await call('/api/articles/feed?limit=1&offset=1')
    assert.equal(status, 200)
    assert.equal(json.articlesCount, 2)
    assert.deepEqual([json.articles[0].slug, json.articles.length], ['hello-world', 1])
    assert.equal(json.articles[0].author.following, true)
    assert.equal(json.articles[0].body, undefined)
    const nobody = await call('/api/articles/feed', undefined, ann())
    assert.deepEqual(nobody.json, { articles: [], articlesCount: 0 })
  })
})

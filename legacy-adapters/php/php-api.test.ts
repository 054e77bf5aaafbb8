import assert from 'node:assert/strict'
import { eachLegacy, jake, makeToken } from '../../contract-tests/lab/each-legacy.ts'

const article = {
  slug: 'hello-world',
  title: 'Hello <World> & "co"',
  description: 'a/b 😀',
  body: 'line one\nline two',
  tagList: ['a/b', 'тег'],
  createdAt: '2024-05-01T12:34:56.000Z',
  updatedAt: '2024-05-01T12:34:56.000Z',
  favorited: false,
  favoritesCount: 1,
  author: {
    username: 'Änn O’Neil',
    bio: 'a/b "c" <d>',
    image: 'http://example.com/ä.png',
    following: false,
  },
}

const noArticle = { errors: { article: ['not found'] } }
const noRoute = { errors: { route: ['not found'] } }

eachLegacy('php', (legacy) => {
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(legacy().url + path, { headers })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) }
  }
  const slugs = async (query: string): Promise<string> => {
    const { json } = await get(`/api/articles${query}`)
    const list = json.articles as { slug: string }[]
    return `${list.map(({ slug }) => slug).join(' ')} of ${json.articlesCount}`
  }

  it('shows an article', async () => {
    const { status, headers, text, json } = await get('/api/articles/hello-world')
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
    assert.deepEqual(json, { article })
    assert.match(text, /^\{"article":\{"slug":"hello-world","title":/)
    assert.match(text, /"a\\\/b \\ud83d\\ude00"/)
  })

  it('shows what the caller favors and follows', async () => {
    const { json } = await get('/api/articles/hello-world', jake())
    assert.equal(json.article.favorited, true)
    assert.equal(json.article.author.following, true)
  })

  it('lists newest first, without bodies', async () => {
    const { json } = await get('/api/articles')
    const { body: _, ...listed } = article
    assert.equal(json.articlesCount, 3)
    assert.deepEqual(json.articles[1], listed)
    assert.deepEqual(json.articles[0].tagList, [])
  })

  for (const [query, expected] of [
    ['', '中文 hello-world by-jake of 3'],
    ['?limit=1', '中文 of 3'],
    ['?limit=1&offset=2', 'by-jake of 3'],
    ['?offset=9', ' of 3'],
    ['?limit=0', ' of 3'],
    ['?limit=99999999999999999999&offset=99999999999999999999', ' of 3'],
    ['?limit=-1&offset=-1', '中文 hello-world by-jake of 3'],
    ['?limit=1e0&offset=x', '中文 hello-world by-jake of 3'],
    ['?limit=1&limit=2', '中文 hello-world of 3'],
    ['?limit[]=1&tag[]=a', '中文 hello-world by-jake of 3'],
    ['?tag=a/b', 'hello-world of 1'],
    ['?tag=%D1%82%D0%B5%D0%B3', 'hello-world of 1'],
    ['?tag=none', ' of 0'],
    ['?tag=', '中文 hello-world by-jake of 3'],
    ['?tag=%FF', '中文 hello-world by-jake of 3'],
    ["?tag=' OR 1=1 --", ' of 0'],
    ['?tag=A/B', ' of 0'],
    ['?author=jake', 'by-jake of 1'],
    ['?author=JAKE', ' of 0'],
    ['?favorited=jake', 'hello-world of 1'],
    ['?favorited=jake&author=jake', ' of 0'],
    ['?author=%00', ' of 0'],
  ] as const) {
    it(`answers /api/articles${query} with "${expected}"`, async () => {
      assert.equal(await slugs(query), expected)
    })
  }

  for (const [path, expected] of [
    ['/api/articles/none', noArticle],
    ['/api/articles/HELLO-WORLD', noArticle],
    ["/api/articles/x'--%22", noArticle],
    ['/api/articles/%00', noArticle],
    ['/api/articles/%FF', noRoute],
    ['/api/articles/a/b', noRoute],
    ['/api/articles/', noRoute],
    ['/api/', noRoute],
  ] as const) {
    it(`answers 404 to ${path}`, async () => {
      const { status, json } = await get(path)
      assert.deepEqual({ status, json }, { status: 404, json: expected })
    })
  }

  for (const [what, token] of [
    ['is no token', 'x'],
    ['has a wrong signature', `${makeToken({ id: 1 })}x`],
    ['is not signed', `${makeToken({ id: 1 }, { alg: 'none' }).replace(/[^.]*$/, '')}`],
    ['names another algorithm', makeToken({ id: 1 }, { alg: 'HS512' })],
    ['has expired', makeToken({ id: 1, exp: 1_000_000_000 })],
    ['names nobody', makeToken({ id: 99 })],
    ['names a user by text', makeToken({ id: '1' })],
    ['claims nothing', makeToken([])],
  ] as const) {
    it(`takes a caller whose token ${what} for a stranger`, async () => {
      const { json } = await get('/api/articles/hello-world', { authorization: `Token ${token}` })
      assert.deepEqual(json, { article })
    })
  }

  it('finds a slug that is not ASCII', async () => {
    const { json } = await get('/api/articles/%E4%B8%AD%E6%96%87')
    assert.equal(json.article.title, '中文')
  })

  it('lists tags', async () => {
    const { json } = await get('/api/tags')
    assert.deepEqual([...json.tags].sort(), ['a/b', 'тег'])
  })

  it('gives statistics as text, exact past 2^53', async () => {
    const { text } = await get('/api/stats')
    const views = '"views":"18014398509481988"'
    assert.equal(text, `{"articles":"3","comments":"1",${views},"averageFavorites":"0.3333"}`)
  })

  it('counts the tags of an author where it is asked to, and writes an empty map as a list', async () => {
    const tagsOf = async (author: string): Promise<string> =>
      (await get(`/api/stats?tagsOf=${encodeURIComponent(author)}`)).text
    assert.match(
      await tagsOf('Änn O’Neil'),
      /,"tags":\{"a\\\/b":"1","\\u0442\\u0435\\u0433":"1"\}\}$/,
    )
    assert.match(await tagsOf('jake'), /,"tags":\[\]\}$/)
  })
})

import assert from 'node:assert/strict'
import { callJson, type JsonAnswer } from '../../contract-tests/lab/call-json.ts'
import { ann, eachLegacy, jake } from '../../contract-tests/lab/each-legacy.ts'

const article = '/api/articles/hello-world'
const jakeHimself = { username: 'jake', bio: null, image: null, following: false }

eachLegacy('php', (legacy) => {
  const call = (line: string, body?: unknown, headers = jake()): Promise<JsonAnswer> =>
    callJson(legacy().url, { line, headers, body })
  const comment = async (body: string, headers = jake()): Promise<number> =>
    (await call(`POST ${article}/comments`, { comment: { body } }, headers)).json.comment.id
  const comments = async (headers = jake()): Promise<JsonAnswer['json'][]> =>
    (await call(`${article}/comments`, undefined, headers)).json.comments

  it('lists comments', async () => {
    const at = '2024-05-01T12:34:56.000Z'
    const [first] = await comments()
    const expected = { id: 1, createdAt: at, updatedAt: at, body: 'nice <b>', author: jakeHimself }
    assert.deepEqual(first, expected)
  })

  it('adds comments, the oldest first', async () => {
    const body = 'a/b 😀\n<script>'
    const { status, json } = await call(`POST ${article}/comments`, { comment: { body } })
    assert.equal(status, 200)
    const { id, createdAt, updatedAt, ...rest } = json.comment
    assert.deepEqual(rest, { body, author: jakeHimself })
    assert.ok(Number.isInteger(id))
    assert.match(createdAt, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/)
    assert.equal(updatedAt, createdAt)
    const hers = await comment('hers', ann())
    const listed = await comments()
    assert.deepEqual(
      listed.slice(-2).map((each) => each.id),
      [id, hers],
    )
    assert.deepEqual(listed.at(-2), json.comment)
    assert.equal(listed.at(-1).author.following, true)
    assert.equal((await comments({})).at(-1).author.following, false)
  })

  it('takes back what the caller wrote', async () => {
    const id = await comment('wrong')
    const { status, text } = await call(`DELETE ${article}/comments/${id}`)
    assert.deepEqual({ status, text }, { status: 204, text: '' })
    assert.ok((await comments()).every((each) => each.id !== id))
    assert.equal((await call(`DELETE ${article}/comments/${id}`)).status, 404)
  })

  it("leaves somebody else's comment, even to the article's author", async () => {
    const { status, json } = await call(`DELETE ${article}/comments/1`, undefined, ann())
    const expected = { errors: { comment: ['forbidden'] } }
    assert.deepEqual({ status, json }, { status: 403, json: expected })
  })

  for (const path of [
    `${article}/comments/0`,
    `${article}/comments/x`,
    `${article}/comments/1x`,
    `${article}/comments/-1`,
    `${article}/comments/99999999999999999999`,
    '/api/articles/by-jake/comments/1',
  ]) {
    it(`answers 404 to DELETE ${path}`, async () => {
      const { status, json } = await call(`DELETE ${path}`)
      const expected = { errors: { comment: ['not found'] } }
      assert.deepEqual({ status, json }, { status: 404, json: expected })
    })
  }

  for (const [what, body, status, expected] of [
    ['nothing', {}, 422, { body: ["can't be blank"] }],
    ['white space', { comment: { body: '\t ' } }, 422, { body: ["can't be blank"] }],
    ['a list', { comment: { body: ['a'] } }, 422, { body: ["can't be blank"] }],
    ['no object', '[]', 422, { body: ["can't be blank"] }],
    ['null', 'null', 422, { body: ["can't be blank"] }],
    [
      'a long text',
      { comment: { body: 'x'.repeat(65_536) } },
      422,
      { body: ['is too long (maximum is 65535 bytes)'] },
    ],
    ['no JSON', '{"comment":', 400, { body: ['is not valid JSON'] }],
    ['an empty body', '', 400, { body: ['is not valid JSON'] }],
    ['more than 8 MiB', `"${'x'.repeat(8 * 1024 * 1024)}"`, 413, { body: ['is too large'] }],
  ] as const) {
    it(`answers ${status} to ${what}`, async () => {
      const answer = await call(`POST ${article}/comments`, body)
      assert.deepEqual([answer.status, answer.json], [status, { errors: expected }])
    })
  }

  it('favors an article, once', async () => {
    for (const _ of [1, 2]) {
      const { status, json } = await call(`POST ${article}/favorite`, undefined, ann())
      assert.equal(status, 200)
      const { slug, body, favorited, favoritesCount } = json.article
      assert.deepEqual([slug, body], ['hello-world', 'line one\nline two'])
      assert.deepEqual([favorited, favoritesCount], [true, 2])
    }
  })

  it('stops favoring it, however often', async () => {
    for (const _ of [1, 2]) {
      const { status, json } = await call(`DELETE ${article}/favorite`, undefined, ann())
      assert.equal(status, 200)
      assert.deepEqual([json.article.favorited, json.article.favoritesCount], [false, 1])
    }
  })
})

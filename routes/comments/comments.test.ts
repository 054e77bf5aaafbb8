import assert from 'node:assert/strict'
import { authorize, describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

const path = '/api/articles/hello-world/comments'

describeEachApp('comments', await probeMariadb(), (app) => {
  it('lists those of an article with their authors', async () => {
    const { body } = await app.get(path, await authorize({ id: 1 })).expect(200)
    assert.deepEqual(body, {
      comments: [
        {
          id: 1,
          createdAt: '2024-05-01T12:34:56.000Z',
          updatedAt: '2024-05-01T12:34:56.000Z',
          body: 'nice <b>',
          author: { username: 'jake', bio: null, image: null, following: false },
        },
      ],
    })
    assert.deepEqual((await app.get('/api/articles/by-jake/comments')).body, { comments: [] })
    await app.get('/api/articles/nope/comments').expect(404)
  })

  it('shows what was said, to whom it was said and to others', async () => {
    const said = '<script>alert("😀")</script>\n  \\ %00'
    const ann = await authorize({ id: 2 })
    const { body } = await app.send(`POST ${path}`, ann, { comment: { body: said } }).expect(200)
    assert.equal(body.comment.body, said)
    assert.equal(body.comment.author.username, 'Änn O’Neil')
    const shown = await app.get(path, await authorize({ id: 1 }))
    const found = shown.body.comments.find(({ id }: { id: number }) => id === body.comment.id)
    assert.deepEqual(found, {
      ...body.comment,
      author: { ...body.comment.author, following: true },
    })
  })

  const refusals: readonly (readonly [string, unknown, number, object])[] = [
    [path, { comment: {} }, 422, { body: ["can't be blank"] }],
    [path, { comment: { body: ' ' } }, 422, { body: ["can't be blank"] }],
    [path, 'nonsense', 400, { body: ['is not valid JSON'] }],
    ['/api/articles/nope/comments', { comment: { body: 'x' } }, 404, { article: ['not found'] }],
  ]
  for (const [url, sent, status, errors] of refusals) {
    it(`answers ${status} to ${JSON.stringify(sent)} at ${url}`, async () => {
      const answer = await app.send(`POST ${url}`, await authorize({ id: 1 }), sent)
      assert.deepEqual([answer.status, answer.body], [status, { errors }])
    })
  }

  it('lets only its author delete a comment', async () => {
    const theirs = await app.send(`DELETE ${path}/1`, await authorize({ id: 2 })).expect(403)
    assert.deepEqual(theirs.body, { errors: { comment: ['forbidden'] } })
    const jake = await authorize({ id: 1 })
    for (const id of ['99', '0', 'x', '1x', '99999999999999999999']) {
      const { body } = await app.send(`DELETE ${path}/${id}`, jake).expect(404)
      assert.deepEqual(body, { errors: { comment: ['not found'] } })
    }
    await app.send('DELETE /api/articles/by-jake/comments/1', jake).expect(404)
    const gone = await app.send(`DELETE ${path}/1`, jake).expect(204)
    assert.equal(gone.text, '')
    await app.send(`DELETE ${path}/1`, jake).expect(404)
  })

  it('wants a token to write', async () => {
    await app.send(`POST ${path}`, {}, { comment: { body: 'x' } }).expect(401)
    await app.send(`DELETE ${path}/1`).expect(401)
  })

  it('tells nobody of failures, for there were none', () => assert.deepEqual(app.failures, []))
})

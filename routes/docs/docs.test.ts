import assert from 'node:assert/strict'
import Router from '@koa/router'
import supertest from 'supertest'
import { type ConduitApp, createApp } from '../app.ts'
import { type ApiDocument, describeApi } from './document.ts'
import { operations } from './operations.ts'
import { renderPage } from './page.ts'

describe('the document of the API', () => {
  let conduit: ConduitApp
  let document: ApiDocument
  const get = (path: string) => supertest(conduit.app.callback()).get(path)

  before(async () => {
    conduit = createApp({ role: 'primary', database: { url: 'sqlite::memory:' } }, {})
    document = (await get('/api/openapi.json').expect(200)).body
  })
  after(() => conduit.close())

  const described = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => ({ path, method, operationId })),
    )

  it('describes every route, and no other', () => {
    const ids = described().map(({ operationId }) => operationId)
    assert.deepEqual(ids.toSorted(), Object.keys(operations).sort())
    assert.equal(document.openapi, '3.1.0')
  })

  it('names only what is there', () => {
    const { schemas } = document.components
    const named = new Set(
      [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
        ([, name]) => name,
      ),
    )
    assert.deepEqual([...named].sort(), Object.keys(schemas).sort())
  })

  it('says of each request what the handler asks for', () => {
    const { schemas } = document.components
    assert.deepEqual(schemas.NewUser?.required, ['username', 'email', 'password'])
    assert.deepEqual(schemas.NewArticle?.required, ['title', 'description', 'body'])
    assert.equal(schemas.UserChanges?.required, undefined)
  })

  it('leaves out layers that nobody describes', () => {
    const router = new Router().get('secret', '/secret', () => {})
    assert.deepEqual(describeApi(router).paths, {})
  })

  it('is shown as a page that fetches nothing', async () => {
    const { text } = await get('/api/docs')
      .expect(200)
      .expect('content-type', /^text\/html/)
    for (const { operationId, path } of described()) {
      assert.ok(text.includes(`id="${operationId}"`) && text.includes(path))
    }
    assert.doesNotMatch(text, /<script|src=|href="(?!openapi\.json)|@import|url\(/)
  })

  it('escapes what it shows', () => {
    const info = { ...document.info, title: '<b>"&\'' }
    assert.match(renderPage({ ...document, info }), /<h1>&lt;b&gt;&quot;&amp;&#039; API<\/h1>/)
  })
})

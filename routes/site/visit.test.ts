import assert from 'node:assert/strict'
import supertest from 'supertest'
import { describeEachSite } from '../../contract-tests/lab/each-site.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'
import { createApp } from '../app.ts'
import type { SessionReader } from './sessions.ts'

describeEachSite('visits', await probeMariadb(), (site) => {
  it('give a stranger a session, and one who has it no other', async () => {
    const { headers } = await site.stranger().visit('/')
    const [cookie = '', ...more] = headers.getSetCookie()
    assert.match(cookie, /^PHPSESSID=\w+; path=\/; HttpOnly; SameSite=Lax$/)
    assert.equal(more.length, 0)
    assert.deepEqual((await site.member(1).visit('/')).headers.getSetCookie(), [])
  })

  it('name whoever is signed in', async () => {
    const { text } = await site.member(2).visit('/')
    assert.match(text, /Signed in as <b>Änn O’Neil<\/b>/)
    assert.doesNotMatch((await site.stranger().visit('/')).text, /Signed in/)
  })

  for (const id of [4711, '1 OR 1=1', null, [1], 1.5]) {
    it(`know nobody by ${JSON.stringify(id)}`, async () => {
      const browser = site.browser({ user_id: id })
      assert.match((await browser.visit('/')).text, /<a href="\/login">Sign in<\/a>/)
    })
  }

  it('show a flash once, and escape it', async () => {
    const browser = site.browser({ user_id: 1, flash: '<b>"saved"' })
    assert.match((await browser.visit('/')).text, /<p class="flash">&lt;b&gt;&quot;saved&quot;</)
    assert.doesNotMatch((await browser.visit('/')).text, /class="flash"/)
  })

  it('leave alone what they do not know', async () => {
    const browser = site.browser({ user_id: 1, basket: { 7: 'x' }, csrf: 'given' })
    await browser.visit('/settings')
    assert.equal(browser.csrf(), 'given')
    const kept = { user_id: 1, basket: { 7: 'x' }, csrf: 'given' }
    assert.deepEqual(site.sessions.valuesOf(browser.cookie()), kept)
  })

  it('hold a session one at a time, and let go of it', async () => {
    const browser = site.browser({ user_id: 1, flash: 'once' })
    const pages = await Promise.all(Array.from({ length: 5 }, () => browser.visit('/')))
    assert.equal(pages.filter(({ text }) => text.includes('class="flash"')).length, 1)
    assert.equal(site.sessions.held(), 0)
  })

  it('forbid anybody to keep a page', async () => {
    for (const path of ['/', '/nope', '/settings']) {
      const { headers } = await site.stranger().visit(path)
      assert.equal(headers.get('cache-control'), 'no-store, no-cache, must-revalidate')
      assert.equal(headers.get('pragma'), 'no-cache')
    }
  })
})

describe('pages that fail', () => {
  const answer = async (sessions: SessionReader, path: string) => {
    const database = { url: 'sqlite::memory:' }
    const { app, close } = createApp({ role: 'primary', database, sessions }, { JWT_SECRET: 'x' })
    const failures: unknown[] = []
    app.on('error', (error) => failures.push(error))
    const { status, text, type } = await supertest(app.callback()).get(path)
    await close()
    return { status, text, type, failures }
  }
  const closed: unknown[] = []
  const working: SessionReader = {
    open: async () => ({
      values: {},
      setCookie: null,
      close: async (changes) => void closed.push(changes),
    }),
  }
  const broken: SessionReader = { open: () => Promise.reject(new Error('/secret/path')) }

  for (const path of ['/', '/nope', '/settings']) {
    it(`answer ${path} with 500 without details while sessions cannot be read`, async () => {
      const { status, text, type, failures } = await answer(broken, path)
      assert.deepEqual([status, type], [500, 'text/html'])
      assert.match(text, /<h1>Something went wrong<\/h1>/)
      assert.doesNotMatch(text, /secret/)
      assert.match(String(failures), /secret/)
    })
  }

  it('let go of their session', async () => {
    assert.equal((await answer(working, '/')).status, 500)
    assert.deepEqual(closed, [{}])
  })

  it('are not there without sessions', async () => {
    const { app, close } = createApp({ role: 'primary', database: { url: 'sqlite::memory:' } }, {})
    const { body } = await supertest(app.callback()).get('/').expect(404)
    assert.deepEqual(body, { errors: { route: ['not found'] } })
    await close()
  })
})

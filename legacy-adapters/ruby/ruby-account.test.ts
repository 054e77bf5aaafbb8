import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createDecipheriv, pbkdf2Sync } from 'node:crypto'
import { type Browser, createBrowser, type Page } from '../../contract-tests/lab/browser.ts'
import { eachLegacy, jwtSecret } from '../../contract-tests/lab/each-legacy.ts'

/** What a session cookie of Rails 7 holds. Throws when it is none of this secret. */
const openSession = (cookie: string): Record<string, unknown> => {
  const value = decodeURIComponent(cookie.slice(cookie.indexOf('=') + 1))
  const [sealed, nonce, tag] = value.split('--').map((part) => Buffer.from(part, 'base64'))
  assert.ok(sealed && nonce && tag)
  const key = pbkdf2Sync(jwtSecret, 'authenticated encrypted cookie', 1000, 32, 'sha256')
  const cipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(tag)
  const { _rails } = JSON.parse(`${cipher.update(sealed)}${cipher.final()}`)
  assert.equal(_rails.pur, 'cookie._conduit_session')
  return JSON.parse(Buffer.from(_rails.message, 'base64').toString())
}

eachLegacy('ruby', (legacy) => {
  const signIn = async (password = 'jakejake'): Promise<readonly [Browser, Page]> => {
    const browser = createBrowser(legacy().url)
    await browser.visit('/account')
    const fields = { action: 'sign_in', email: 'jake@example.com', password }
    return [browser, await browser.submit('/account', fields)]
  }

  it('shows a stranger the form, and gives a session', async () => {
    const { status, headers, text } = await createBrowser(legacy().url).visit('/account')
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
    assert.match(text, /<h1>Sign in to your account<\/h1>/)
    const [cookie = '', ...more] = headers.getSetCookie()
    assert.match(cookie, /^_conduit_session=[\w%.-]+; path=\/; HttpOnly; SameSite=Lax$/)
    assert.equal(more.length, 0)
  })

  it('signs in, redirects, and greets once', async () => {
    const [browser, answer] = await signIn()
    assert.equal(answer.status, 302)
    assert.equal(answer.headers.get('location'), '/account')
    const { text } = await browser.visit('/account')
    assert.match(text, /<p class="flash">Welcome back, jake\.</)
    assert.match(text, /Signed in as <b>jake<\/b>/)
    assert.match(text, /0 followers, following 1, here since <time>2024-05-01 12:34:56</)
    assert.doesNotMatch((await browser.visit('/account')).text, /class="flash"/)
  })

  it('keeps the session encrypted, as Rails lays it out', async () => {
    const [browser] = await signIn()
    const session = openSession(browser.cookie())
    assert.equal(session.user_id, 1)
    assert.match(String(session.session_id), /^[0-9a-f]{32}$/)
    assert.ok(!browser.cookie().includes(Buffer.from('user_id').toString('base64').slice(0, 8)))
  })

  it('begins a new session at sign-in', async () => {
    const browser = createBrowser(legacy().url)
    await browser.visit('/account')
    const before = openSession(browser.cookie())
    const fields = { action: 'sign_in', email: 'jake@example.com', password: 'jakejake' }
    await browser.submit('/account', fields)
    assert.notEqual(openSession(browser.cookie()).session_id, before.session_id)
  })

  it('signs out', async () => {
    const [browser] = await signIn()
    await browser.visit('/account')
    const answer = await browser.submit('/account', { action: 'sign_out' })
    assert.equal(answer.status, 302)
    const { text } = await browser.visit('/account')
    assert.match(text, /You are signed out\./)
    assert.match(text, /Sign in to your account/)
  })

  it('answers 422 to a wrong password, and keeps the address', async () => {
    const [, page] = await signIn('wrong"<b>')
    assert.equal(page.status, 422)
    assert.match(page.text, /E-mail or password is wrong/)
    assert.match(page.text, /value="jake@example\.com"/)
  })

  it('escapes what was typed', async () => {
    const browser = createBrowser(legacy().url)
    await browser.visit('/account')
    const { status, text } = await browser.submit('/account', { email: '"><script>', password: '' })
    assert.equal(status, 422)
    assert.match(text, /value="&quot;&gt;&lt;script&gt;"/)
  })

  it('answers 403 to a form without the token of its session', async () => {
    const other = createBrowser(legacy().url)
    await other.visit('/account')
    const [browser] = await signIn()
    await browser.visit('/account')
    for (const csrf of ['', 'x', other.csrf()]) {
      const page = await browser.submit('/account', { action: 'sign_out', csrf })
      assert.equal(page.status, 403)
      assert.match(page.text, /This form has expired/)
    }
    for (const body of ['csrf=%zz', 'csrf=%FF', '', 'x']) {
      assert.equal((await browser.post('/account', body)).status, 403, body)
    }
    assert.match((await browser.visit('/account')).text, /Signed in as/)
  })

  it('takes a session that was changed for none', async () => {
    const [browser] = await signIn()
    const good = decodeURIComponent(browser.cookie().slice('_conduit_session='.length))
    const [sealed = '', nonce = '', tag = ''] = good.split('--')
    const flipped = Buffer.from(sealed, 'base64')
    flipped[0] = (flipped[0] ?? 0) ^ 1
    const short = Buffer.from(tag, 'base64').subarray(0, 4).toString('base64')
    for (const value of [
      [flipped.toString('base64'), nonce, tag].join('--'),
      [sealed, nonce, short].join('--'),
      [sealed, tag, nonce].join('--'),
      [sealed, nonce].join('--'),
      'x--y--z',
      '%zz',
      '',
    ]) {
      const cookie = `_conduit_session=${value.includes('%') ? value : encodeURIComponent(value)}`
      const { status, text } = await createBrowser(legacy().url).visit('/account', {
        headers: { cookie },
      })
      assert.equal(status, 200, value)
      assert.match(text, /Sign in to your account/)
    }
  })

  it('answers HEAD without a body', async () => {
    const { status, text } = await createBrowser(legacy().url).visit('/account', { method: 'HEAD' })
    assert.deepEqual([status, text], [200, ''])
  })

  for (const path of ['/account/events', '/account/live']) {
    it(`wants a signed-in visitor at ${path}, or says that it cannot`, async () => {
      const { status, text } = await createBrowser(legacy().url).visit(path)
      const embedded = legacy().form === 'embedded'
      assert.equal(status, embedded ? 501 : 401)
      assert.match(text, embedded ? /^Live connections need a server .*\.\n$/ : /^Sign in at/)
    })
  }
})

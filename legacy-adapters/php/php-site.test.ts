import assert from 'node:assert/strict'
import { eachLegacy } from '../../contract-tests/lab/each-legacy.ts'

interface Page {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** What a browser would send back of the cookies that it was given. */
const cookies = ({ headers }: Page): string =>
  headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

const csrf = ({ text }: Page): string => /name="csrf" value="(\w+)"/.exec(text)?.[1] ?? ''

eachLegacy('php', (legacy) => {
  const visit = async (path: string, init: RequestInit = {}): Promise<Page> => {
    const response = await fetch(legacy().url + path, { redirect: 'manual', ...init })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const submit = (path: string, cookie: string, form: Record<string, string>): Promise<Page> =>
    visit(path, { method: 'POST', headers: { cookie }, body: new URLSearchParams(form) })
  const signIn = async (password = 'jakejake'): Promise<Page> => {
    const form = await visit('/login')
    const fields = { csrf: csrf(form), email: 'jake@example.com', password }
    return submit('/login', cookies(form), fields)
  }

  it('lists articles with their view counts, past 2^53 too', async () => {
    const { status, headers, text } = await visit('/')
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
    assert.match(text, /3 articles, page 1 of 1/)
    assert.match(text, /Hello &lt;World&gt; &amp; &quot;co&quot;/)
    assert.match(text, /9,007,199,254,740,993 views, 1 favorites/)
  })

  for (const path of ['/', '/article/hello-world', '/login', '/nope']) {
    it(`gives a new visitor of ${path} a session, and one who has it no other`, async () => {
      const page = await visit(path)
      assert.match(cookies(page), /^PHPSESSID=\w+$/)
      const again = await visit(path, { headers: { cookie: cookies(page) } })
      assert.deepEqual(again.headers.getSetCookie(), [])
    })
  }

  for (const [path, expected] of [
    ['/?tag=a%2Fb', /1 articles/],
    ['/?tag=%3Cscript%3E', /Articles about &lt;script&gt;/],
    ['/?page=99', /page 1 of 1/],
    ['/?page=-1', /page 1 of 1/],
    ['/article/hello-world', /nice &lt;b&gt;/],
    ['/article/%E4%B8%AD%E6%96%87', /<h1>中文<\/h1>/],
  ] as const) {
    it(`shows ${path}`, async () => {
      const { status, text } = await visit(path)
      assert.equal(status, 200)
      assert.match(text, expected)
    })
  }

  for (const path of [
    '/nope',
    '/article/none',
    '/index.php',
    '/lib/http.php',
    '/assets/none.css',
  ]) {
    it(`answers 404 with a page to ${path}`, async () => {
      const { status, text } = await visit(path)
      assert.equal(status, 404)
      assert.match(text, /There is no such page/)
    })
  }

  it('serves a static file', async () => {
    const { status, headers, text } = await visit('/assets/style.css')
    assert.equal(status, 200)
    assert.match(headers.get('content-type') ?? '', /^text\/css/)
    assert.match(text, /^body \{/)
  })

  it('answers HEAD without a body', async () => {
    const { status, text } = await visit('/', { method: 'HEAD' })
    assert.deepEqual({ status, text }, { status: 200, text: '' })
  })

  it('says that it is well', async () => {
    assert.equal((await visit('/status')).text, 'ok\n')
  })

  it('signs in with two cookies and a redirect, and greets once', async () => {
    const answer = await signIn()
    assert.equal(answer.status, 302)
    assert.equal(answer.headers.get('location'), '/')
    const [session = '', email = '', ...more] = answer.headers.getSetCookie()
    assert.match(session, /^PHPSESSID=\w+; path=\/; HttpOnly; SameSite=Lax$/)
    assert.match(email, /^last_email=jake%40example.com; expires=/)
    assert.equal(more.length, 0)
    const headers = { cookie: cookies(answer) }
    const home = await visit('/', { headers })
    assert.match(home.text, /Signed in as <b>jake<\/b>/)
    assert.match(home.text, /Welcome back, jake\./)
    assert.match(home.headers.get('cache-control') ?? '', /no-store/)
    assert.doesNotMatch((await visit('/', { headers })).text, /Welcome back/)
  })

  it('signs out', async () => {
    const cookie = cookies(await signIn())
    const home = await visit('/', { headers: { cookie } })
    const answer = await submit('/logout', cookie, { csrf: csrf(home) })
    assert.equal(answer.status, 302)
    const after = await visit('/', { headers: { cookie: cookies(answer) } })
    assert.match(after.text, /You are signed out/)
    assert.doesNotMatch(after.text, /Signed in as/)
  })

  it('keeps visitors apart', async () => {
    const [one, other] = [await signIn(), await visit('/login')]
    assert.notEqual(cookies(one), cookies(other))
    assert.doesNotMatch((await visit('/', { headers: { cookie: cookies(other) } })).text, /Signed/)
  })

  it('answers 422 to a wrong password', async () => {
    const { status, text } = await signIn('wrong')
    assert.equal(status, 422)
    assert.match(text, /value="jake@example.com"/)
  })

  it('answers 403 to a form without its token', async () => {
    const form = await visit('/login')
    for (const fields of [{}, { csrf: 'x' }, { 'csrf[]': csrf(form) }]) {
      assert.equal((await submit('/login', cookies(form), fields)).status, 403)
    }
    assert.equal((await submit('/logout', '', { csrf: '' })).status, 403)
  })

  it('does not take a session id that it did not give', async () => {
    const { headers } = await visit('/login', { headers: { cookie: 'PHPSESSID=chosen' } })
    assert.doesNotMatch(headers.getSetCookie()[0] ?? '', /chosen/)
    const path = '../../etc/passwd'
    assert.equal((await visit('/', { headers: { cookie: `PHPSESSID=${path}` } })).status, 200)
  })
})

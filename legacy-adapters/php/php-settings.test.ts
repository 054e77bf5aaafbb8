import assert from 'node:assert/strict'
import { type Browser, createBrowser, signIn } from '../../contract-tests/lab/browser.ts'
import { eachLegacy } from '../../contract-tests/lab/each-legacy.ts'

eachLegacy('php', (legacy) => {
  const arrive = async (): Promise<Browser> => {
    const browser = createBrowser(legacy().url)
    await signIn(browser)
    await browser.visit('/settings')
    return browser
  }
  const jake = { username: 'jake', email: 'jake@example.com', image: '', bio: '' }

  it('sends a stranger to sign in, and says why once', async () => {
    const browser = createBrowser(legacy().url)
    for (const [path, method] of [
      ['/settings', 'GET'],
      ['/settings', 'POST'],
      ['/avatar', 'POST'],
      ['/article/hello-world/comment', 'POST'],
    ] as const) {
      const answer = await browser.visit(path, { method })
      assert.equal(answer.status, 302, `${method} ${path}`)
      assert.equal(answer.headers.get('location'), '/login')
    }
    assert.match((await browser.visit('/login')).text, /<p class="flash">Sign in first\.</)
    assert.doesNotMatch((await browser.visit('/login')).text, /Sign in first/)
  })

  it('saves the settings, redirects, and says so once', async () => {
    const browser = await arrive()
    const bio = '<b>"a" & b</b>\r\nсто 😀'
    const image = 'https://example.com/a?b=1&c="'
    const answer = await browser.submit('/settings', { ...jake, bio, image })
    assert.equal(answer.status, 302)
    assert.equal(answer.headers.get('location'), '/settings')
    const { text } = await browser.visit('/settings')
    assert.match(text, /<p class="flash">Your settings are saved\.</)
    assert.ok(text.includes('&lt;b&gt;&quot;a&quot; &amp; b&lt;/b&gt;\r\nсто 😀</textarea>'))
    assert.ok(text.includes('<img class="picture" src="https://example.com/a?b=1&amp;c=&quot;"'))
    assert.doesNotMatch((await browser.visit('/settings')).text, /class="flash"/)
    await browser.submit('/settings', jake)
  })

  it('shows a new name in the header, and knows the user by the new address', async () => {
    const browser = await arrive()
    const renamed = { ...jake, username: 'Jäke', email: 'jäke@example.com' }
    assert.equal((await browser.submit('/settings', renamed)).status, 302)
    assert.match((await browser.visit('/')).text, /Signed in as <b>Jäke<\/b>/)
    const again = createBrowser(legacy().url)
    assert.equal((await signIn(again, 'jäke@example.com')).status, 302)
    await browser.visit('/settings')
    assert.equal((await browser.submit('/settings', jake)).status, 302)
  })

  for (const [what, fields, expected] of [
    ['an empty name', { username: '' }, /username can&#039;t be blank/],
    ['a name of spaces', { username: ' \t ' }, /username can&#039;t be blank/],
    ['a name that is taken', { username: 'Änn O’Neil' }, /username has already been taken/],
    ['an address that is taken', { email: 'ann@example.com' }, /email has already been taken/],
    ['an address without @', { email: 'jake' }, /email is not valid/],
    ['a long name', { username: 'ä'.repeat(256) }, /username is too long \(maximum is 255/],
    ['a long bio', { bio: 'ä'.repeat(32_768) }, /bio is too long \(maximum is 65535 bytes/],
    ['a long picture', { image: 'a'.repeat(1001) }, /image is too long/],
  ] as const) {
    it(`answers 422 to ${what}, and keeps what was typed`, async () => {
      const browser = await arrive()
      const page = await browser.submit('/settings', { ...jake, bio: 'typed', ...fields })
      assert.equal(page.status, 422)
      assert.match(page.text, expected)
      if (!('bio' in fields)) assert.match(page.text, /typed<\/textarea>/)
      assert.doesNotMatch((await browser.visit('/settings')).text, /typed/)
    })
  }

  it('does not show a picture whose address is none', async () => {
    const browser = await arrive()
    await browser.submit('/settings', { ...jake, image: 'javascript:alert(1)' })
    assert.doesNotMatch((await browser.visit('/settings')).text, /<img/)
    await browser.submit('/settings', jake)
  })

  it('answers 403 to a form with a wrong token, or one of another session', async () => {
    const [browser, other] = [await arrive(), await arrive()]
    for (const csrf of ['', 'x', other.csrf()]) {
      const page = await browser.submit('/settings', { ...jake, csrf, bio: 'forged' })
      assert.equal(page.status, 403)
      assert.match(page.text, /This form has expired/)
      const path = '/article/hello-world/comment'
      assert.equal((await browser.submit(path, { csrf, body: 'forged' })).status, 403)
    }
    assert.doesNotMatch((await browser.visit('/settings')).text, /forged/)
    assert.doesNotMatch((await browser.visit('/article/hello-world')).text, /forged/)
  })

  it('posts a comment, redirects to it, and says so once', async () => {
    const browser = await arrive()
    const path = '/article/%E4%B8%AD%E6%96%87'
    const body = 'Добро <script>alert("x")</script>\nтекст'
    await browser.visit(path)
    const answer = await browser.submit(`${path}/comment`, { body })
    assert.equal(answer.status, 302)
    assert.equal(answer.headers.get('location'), `${path}#comments`)
    const { text } = await browser.visit(path)
    assert.match(text, /<p class="flash">Your comment is posted\.</)
    assert.match(text, /Добро &lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt;<br \/>\s+текст/)
    assert.match(text, /<h2>1 comments/)
    assert.doesNotMatch((await browser.visit(path)).text, /class="flash"/)
  })

  it('posts no comment without words', async () => {
    const browser = await arrive()
    await browser.submit('/article/by-jake/comment', { body: ' \r\n' })
    const { text } = await browser.visit('/article/by-jake')
    assert.match(text, /Your comment can&#039;t be blank/)
    assert.match(text, /<h2>0 comments/)
  })

  it('takes a form over 8 MiB for one without its token', async () => {
    const browser = await arrive()
    await browser.visit('/article/by-jake')
    const form = new FormData()
    form.set('csrf', browser.csrf())
    form.set('body', 'x'.repeat(8 * 1024 * 1024))
    const { status, text } = await browser.post('/article/by-jake/comment', form)
    assert.equal(status, 403)
    assert.match(text, /^<!DOCTYPE html>/)
    assert.match(text, /This form has expired/)
  })

  it('answers 404 to a comment on no article', async () => {
    const browser = await arrive()
    assert.equal((await browser.submit('/article/none/comment', { body: 'x' })).status, 404)
  })

  it('shows the forms to whoever is signed in alone', async () => {
    const browser = await arrive()
    assert.match((await browser.visit('/article/by-jake')).text, /<textarea name="body"/)
    const stranger = createBrowser(legacy().url)
    const { text } = await stranger.visit('/article/by-jake')
    assert.doesNotMatch(text, /<form/)
    assert.match(text, /<a href="\/login">Sign in<\/a> to comment/)
  })
})

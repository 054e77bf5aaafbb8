import assert from 'node:assert/strict'
import type { Browser } from '../../contract-tests/lab/browser.ts'
import { describeEachSite } from '../../contract-tests/lab/each-site.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

const jake = { username: 'jake', email: 'jake@example.com', image: '', bio: '' }

describeEachSite('settings.save', await probeMariadb(), (site) => {
  const arrive = async (): Promise<Browser> => {
    const browser = site.member(1)
    await browser.visit('/settings')
    return browser
  }

  it('saves, redirects, and says so once', async () => {
    const browser = await arrive()
    const bio = '<b>"a" & b</b>\r\nсто 😀'
    const image = 'https://example.com/a?b=1&c="'
    const answer = await browser.submit('/settings', { ...jake, bio, image })
    assert.equal(answer.status, 302)
    assert.equal(answer.headers.get('location'), '/settings')
    assert.equal(answer.text, '')
    const { text } = await browser.visit('/settings')
    assert.match(text, /<p class="flash">Your settings are saved\.<\/p>/)
    assert.ok(text.includes('&lt;b&gt;&quot;a&quot; &amp; b&lt;/b&gt;\r\nсто 😀</textarea>'))
    assert.ok(text.includes('<img class="picture" src="https://example.com/a?b=1&amp;c=&quot;"'))
    assert.doesNotMatch((await browser.visit('/settings')).text, /class="flash"/)
    await browser.submit('/settings', jake)
  })

  it('takes an empty text for none', async () => {
    await (await arrive()).submit('/settings', jake)
    const { text } = await site.stranger().visit('/api/articles/by-jake')
    const { bio, image } = JSON.parse(text).article.author
    assert.deepEqual([bio, image], [null, null])
  })

  it('takes a form in parts, as scripts send it', async () => {
    const browser = await arrive()
    const form = new FormData()
    for (const [name, text] of Object.entries({ ...jake, csrf: browser.csrf() })) {
      form.set(name, text)
    }
    assert.equal((await browser.post('/settings', form)).status, 302)
  })

  for (const [what, fields, expected] of [
    ['an empty name', { username: '' }, ['username can&#039;t be blank']],
    ['a name of spaces', { username: ' \t\u00a0' }, ['username can&#039;t be blank']],
    ['a name that is taken', { username: 'Änn O’Neil' }, ['username has already been taken']],
    ['an address that is taken', { email: 'ann@example.com' }, ['email has already been taken']],
    ['an address without @', { email: 'jake' }, ['email is not valid']],
    [
      'a long name',
      { username: 'ä'.repeat(256) },
      ['username is too long (maximum is 255 characters)'],
    ],
    ['a long bio', { bio: 'ä'.repeat(32_768) }, ['bio is too long (maximum is 65535 bytes)']],
    [
      'a long picture',
      { image: 'a'.repeat(1001) },
      ['image is too long (maximum is 1000 characters)'],
    ],
    [
      'all at once',
      { username: 'Änn O’Neil', email: 'x', bio: ' ' },
      ['bio can&#039;t be blank', 'username has already been taken', 'email is not valid'],
    ],
  ] as const) {
    it(`answers 422 to ${what}, and keeps what was typed`, async () => {
      const browser = await arrive()
      const typed = { ...jake, bio: '<i>typed</i>', ...fields }
      const { status, text } = await browser.submit('/settings', typed)
      assert.equal(status, 422)
      const errors = [...text.matchAll(/<p class="error">(.*?)<\/p>/g)].map(([, said]) => said)
      assert.deepEqual(errors, expected)
      assert.match(text, /Signed in as <b>jake<\/b>/)
      if (!('bio' in fields)) assert.match(text, /&lt;i&gt;typed&lt;\/i&gt;<\/textarea>/)
      assert.doesNotMatch((await browser.visit('/settings')).text, /typed|class="flash"/)
    })
  }

  it('answers 403 to a form without the token of its session, and saves nothing', async () => {
    const [browser, other] = [await arrive(), await arrive()]
    for (const csrf of ['', 'x', other.csrf(), `${browser.csrf()} `, 'ä'.repeat(16)]) {
      const { status, text } = await browser.submit('/settings', { ...jake, csrf, bio: 'forged' })
      assert.equal(status, 403)
      assert.match(text, /<p>This form has expired\./)
    }
    const type = 'application/x-www-form-urlencoded'
    for (const body of ['', 'bio=forged', `csrf[]=${browser.csrf()}`, 'x'.repeat(9_000_000)]) {
      assert.equal((await browser.post('/settings', body, type)).status, 403)
    }
    const json = JSON.stringify({ ...jake, csrf: browser.csrf() })
    assert.equal((await browser.post('/settings', json, 'application/json')).status, 403)
    assert.doesNotMatch((await browser.visit('/settings')).text, /forged/)
  })

  it('answers 403 to whoever never saw a form', async () => {
    const { status } = await site.member(1).submit('/settings', { ...jake, csrf: '' })
    assert.equal(status, 403)
  })

  it('sends a stranger to sign in', async () => {
    const browser = site.stranger()
    const { status, headers } = await browser.submit('/settings', jake)
    assert.deepEqual([status, headers.get('location')], [302, '/login'])
    assert.equal(site.sessions.valuesOf(browser.cookie())?.flash, 'Sign in first.')
  })

  it('tells nobody of failures, for there were none', () => assert.deepEqual(site.failures(), []))
})

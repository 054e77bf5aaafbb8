import assert from 'node:assert/strict'
import { addHostileArticles } from '../../contract-tests/hostile-articles.ts'
import { describeEachSite } from '../../contract-tests/lab/each-site.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

describeEachSite('article.show', await probeMariadb(), (site) => {
  before(async function () {
    this.timeout(20_000)
    await addHostileArticles(site.databaseUrl())
  })

  it('shows an article with its author, tags and comments', async () => {
    const { status, text } = await site.stranger().visit('/article/hello-world')
    assert.equal(status, 200)
    assert.match(text, /<title>Hello &lt;World&gt; &amp; &quot;co&quot; · Conduit<\/title>/)
    assert.match(text, /src="http:\/\/example\.com\/ä\.png"[^>]*><bdi>Änn O’Neil<\/bdi>/)
    assert.match(text, /<div class="body">line one<br \/>\nline two<\/div>/)
    assert.match(text, /<a href="\/\?tag=a%2Fb">a\/b<\/a><\/li>\n<li><a [^>]*>тег<\/a>/)
    assert.match(text, /<h2>1 comments<\/h2>\n<div class="comment">\n<p>nice &lt;b&gt;<\/p>/)
  })

  it('finds a slug in another script', async () => {
    const { text } = await site.stranger().visit('/article/%E4%B8%AD%E6%96%87')
    assert.match(text, /<h1>中文<\/h1>/)
  })

  it('lets whoever is signed in comment, and nobody else', async () => {
    const path = '/article/%E4%B8%AD%E6%96%87'
    const member = site.member(1)
    assert.ok((await member.visit(path)).text.includes(`action="${path}/comment"`))
    assert.equal(site.sessions.valuesOf(member.cookie())?.csrf, member.csrf())
    const { text } = await site.stranger().visit(path)
    assert.doesNotMatch(text, /<form/)
    assert.match(text, /<a href="\/login">Sign in<\/a> to comment\./)
  })

  it('escapes all that somebody wrote', async () => {
    for (const path of ['/article/hostile-0', '/article/hostile-1']) {
      const { text } = await site.stranger().visit(path)
      assert.match(text, /<p class="lead">&lt;\/title&gt;&lt;script&gt;alert\(&quot;x&quot;\)/)
      assert.doesNotMatch(text, /<script|<!--|<img src=x|src="javascript|" ?onload=/)
    }
  })

  it('shows no picture at an address that is a script', async () => {
    const { text } = await site.stranger().visit('/article/hostile-0')
    assert.match(text, /<p class="meta"><bdi>Mallory &quot;&lt;b&gt;&amp;&#039;<\/bdi>/)
    assert.match(text, /src="https:\/\/example\.com\/&quot;onload=&quot;alert\(1\)"/)
  })

  for (const path of [
    '/article/none',
    '/article/%ff',
    '/article/a%2Fb',
    '/article/',
    '/article/hello-world/',
    '/nope',
  ]) {
    it(`answers 404 with a page to ${path}`, async () => {
      const { status, headers, text } = await site.stranger().visit(path)
      assert.equal(status, 404)
      assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
      assert.match(text, /<h1>Not found<\/h1>\n<p>There is no such page\./)
    })
  }

  it('leaves the API its JSON', async () => {
    const { status, headers } = await site.stranger().visit('/api/articles/none')
    assert.equal(status, 404)
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  })

  it('tells nobody of failures, for there were none', () => assert.deepEqual(site.failures(), []))
})

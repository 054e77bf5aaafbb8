/** The site in a browser, through Banyan: sessions, uploads, parts of files, streams. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { borrowDatabase } from './lab/borrow-database.ts'
import { type Browser, createBrowser, type Page, signIn } from './lab/browser.ts'
import { embeddedForms, type Forms } from './lab/forms.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { startWorld, type World } from './lab/world.ts'

const gif = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64')
const picture = Buffer.concat([gif, Buffer.from(Array.from({ length: 99_000 }, (_, i) => i % 253))])

const describeSite = (forms: Forms): void => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-site-'))
  let world: World
  let banyan: Banyan
  let browser: Browser

  before(async function () {
    this.timeout(60_000)
    world = await startWorld({
      forms,
      dir,
      database: borrowDatabase,
      size: { users: 20, articles: 60 },
    })
    banyan = await startBanyan(world)
    browser = createBrowser(banyan.url)
  })
  after(async function () {
    this.timeout(20_000)
    await banyan?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const upload = (bytes: Buffer, name: string): Promise<Page> => {
    const form = new FormData()
    form.set('csrf', browser.csrf())
    form.set('avatar', new Blob([bytes]), name)
    return browser.post('/avatar', form)
  }

  it('keeps both sessions, PHP’s and Ruby’s, in one browser', async () => {
    assert.equal((await signIn(browser)).headers.get('location'), '/')
    await browser.visit('/account')
    const fields = { action: 'sign_in', email: 'user2@example.com', password: 'jakejake' }
    assert.equal((await browser.submit('/account', fields)).headers.get('location'), '/account')
    assert.match(browser.cookie(), /PHPSESSID=.*_conduit_session=/)
    assert.match((await browser.visit('/account')).text, /user2@example\.com/)
    assert.match((await browser.visit('/')).text, /Signed in as <b>jake<\/b>/)
  })

  it('shows a flash once, and refuses a wrong token', async () => {
    await browser.visit('/settings')
    const jake = { username: 'jake', email: 'jake@example.com', image: '', bio: 'über <b>' }
    assert.equal((await browser.submit('/settings', { ...jake, csrf: 'x' })).status, 403)
    assert.equal((await browser.submit('/settings', jake)).status, 302)
    assert.match(
      (await browser.visit('/settings')).text,
      /Your settings are saved[\s\S]*über &lt;b&gt;/,
    )
    assert.doesNotMatch((await browser.visit('/settings')).text, /Your settings are saved/)
  })

  it('uploads a picture whose name is hostile, and asks for parts of it', async () => {
    await browser.visit('/settings')
    assert.equal((await upload(picture, '../"><script>.gif')).status, 302)
    const shown = await browser.visit('/settings')
    assert.match(shown.text, /“[^<]*&lt;script&gt;\.gif” is your picture/)
    const ask = (headers: Record<string, string>) => fetch(`${banyan.url}/avatar/1`, { headers })
    const whole = await ask({})
    assert.ok(Buffer.from(await whole.arrayBuffer()).equals(picture))
    const part = await ask({ range: 'bytes=1000-70999' })
    assert.equal(part.status, 206)
    assert.equal(part.headers.get('content-range'), `bytes 1000-70999/${picture.length}`)
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(picture.subarray(1000, 71_000)))
    assert.equal((await ask({ range: 'bytes=999999-' })).status, 416)
    const etag = whole.headers.get('etag') ?? ''
    assert.equal((await ask({ 'if-none-match': etag })).status, 304)
  })

  it('streams the export, or says why it cannot', async () => {
    const answer = await fetch(`${banyan.url}/export.csv`)
    const text = await answer.text()
    assert.equal(answer.status, forms.php === 'embedded' ? 501 : 200)
    if (forms.php === 'native') assert.equal(text.match(/\r\n/g)?.length, 61)
  })
}

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

describe('the site through Banyan, embedded', () => describeSite(embeddedForms))
describeWith({ php, ruby, mariadb }, 'the site through Banyan, native', () =>
  describeSite({ database: 'mariadb', php: 'native', ruby: 'native', missing: [] }),
)

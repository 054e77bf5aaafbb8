import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { type Browser, createBrowser, type Page, signIn } from '../../contract-tests/lab/browser.ts'
import { eachLegacy } from '../../contract-tests/lab/each-legacy.ts'

const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** A picture whose every byte value stands somewhere, line ends and NUL included. */
const picture = Buffer.concat([dot, Buffer.from(Array.from({ length: 40_000 }, (_, i) => i % 251))])
const gif = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64')

const boundary = 'a-boundary-of-the-tests'

/** A form as a browser writes it, the file's name as it stands. */
const multipart = (csrf: string, name: Uint8Array, bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${csrf}\r\n` +
        `--${boundary}\r\nContent-Disposition: form-data; name="avatar"; filename="`,
    ),
    name,
    Buffer.from('"\r\nContent-Type: application/x-php\r\n\r\n'),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])

eachLegacy('php', (legacy) => {
  let browser: Browser
  before(async () => {
    browser = createBrowser(legacy().url)
    await signIn(browser)
    await browser.visit('/settings')
  })

  const upload = (
    bytes: Uint8Array,
    name: string | Buffer = 'me.png',
    csrf = browser.csrf(),
  ): Promise<Page> =>
    browser.post(
      '/avatar',
      multipart(csrf, Buffer.from(name), bytes),
      `multipart/form-data; boundary=${boundary}`,
    )
  const flash = async (): Promise<string> =>
    /<p class="flash">(.*?)<\/p>/.exec((await browser.visit('/settings')).text)?.[1] ?? ''
  const ask = async (headers: Record<string, string> = {}, method = 'GET') => {
    const answer = await fetch(`${legacy().url}/avatar/1`, { headers, method })
    return {
      status: answer.status,
      headers: answer.headers,
      body: Buffer.from(await answer.arrayBuffer()),
    }
  }

  it('answers 404 before there is a picture', async () => {
    assert.equal((await ask()).status, 404)
  })

  it('takes a picture, redirects, and shows it byte by byte', async () => {
    const answer = await upload(picture)
    assert.equal(answer.status, 302)
    assert.equal(answer.headers.get('location'), '/settings')
    assert.equal(await flash(), '“me.png” is your picture from now on.')
    assert.match((await browser.visit('/settings')).text, /<img class="picture" src="\/avatar\/1"/)
    const { status, headers, body } = await ask()
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'image/png')
    assert.equal(headers.get('content-length'), String(picture.length))
    assert.equal(headers.get('accept-ranges'), 'bytes')
    assert.deepEqual(headers.getSetCookie(), [])
    assert.ok(body.equals(picture))
  })

  it('answers HEAD with the head of the whole', async () => {
    const { status, headers, body } = await ask({ range: 'bytes=0-0' }, 'HEAD')
    assert.equal(status, 200)
    assert.equal(headers.get('content-length'), String(picture.length))
    assert.equal(body.length, 0)
  })

  const size = picture.length
  for (const [range, first, last] of [
    ['bytes=0-0', 0, 0],
    ['bytes=100-199', 100, 199],
    [`bytes=${size - 1}-`, size - 1, size - 1],
    ['bytes=39000-', 39_000, size - 1],
    ['bytes=-1', size - 1, size - 1],
    ['bytes=-99999999', 0, size - 1],
    ['bytes=10-99999999999999999999', 10, size - 1],
    ['BYTES = 5 - 6', 5, 6],
  ] as const) {
    it(`answers 206 to ${range}`, async () => {
      const { status, headers, body } = await ask({ range })
      assert.equal(status, 206)
      assert.equal(headers.get('content-range'), `bytes ${first}-${last}/${size}`)
      assert.equal(headers.get('content-length'), String(last - first + 1))
      assert.ok(body.equals(picture.subarray(first, last + 1)))
    })
  }

  for (const range of [`bytes=${size}-`, 'bytes=99999999999999999999-', 'bytes=-0']) {
    it(`answers 416 to ${range}`, async () => {
      const { status, headers } = await ask({ range })
      assert.equal(status, 416)
      assert.equal(headers.get('content-range'), `bytes */${size}`)
    })
  }

  for (const range of ['bytes=', 'bytes=-', 'bytes=2-1', 'bytes=0-1,4-5', 'lines=0-1', 'x']) {
    it(`answers with the whole to ${range}`, async () => {
      const { status, body } = await ask({ range })
      assert.deepEqual([status, body.length], [200, size])
    })
  }

  it('answers 304 to whoever has it', async () => {
    const { headers } = await ask()
    const [etag, date] = [headers.get('etag') ?? '', headers.get('last-modified') ?? '']
    assert.match(etag, /^"[0-9a-f]{32}"$/)
    assert.match(date, / GMT$/)
    for (const [asked, status] of [
      [{ 'if-none-match': etag }, 304],
      [{ 'if-none-match': `"x", W/${etag}` }, 304],
      [{ 'if-none-match': '*' }, 304],
      [{ 'if-modified-since': date }, 304],
      [{ 'if-none-match': '"x"', 'if-modified-since': date }, 200],
      [{ 'if-modified-since': 'Thu, 01 Jan 2009 00:00:00 GMT' }, 200],
      [{ 'if-modified-since': 'no date' }, 200],
      [{ range: 'bytes=0-0', 'if-range': etag }, 206],
      [{ range: 'bytes=0-0', 'if-range': date }, 206],
      [{ range: 'bytes=0-0', 'if-range': '"x"' }, 200],
    ] as const) {
      const answer = await ask(asked)
      assert.equal(answer.status, status, JSON.stringify(asked))
      assert.equal(answer.headers.get('etag'), etag)
      assert.equal(answer.headers.get('content-type'), 'image/png')
      if (status === 304) assert.equal(answer.body.length, 0)
    }
  })

  it('shows a new picture, under a new tag', async () => {
    const before = (await ask()).headers.get('etag')
    await upload(gif)
    const { headers, body } = await ask({ 'if-none-match': before ?? '' })
    assert.equal(headers.get('content-type'), 'image/gif')
    assert.ok(body.equals(gif))
  })

  for (const [what, bytes, expected] of [
    ['what is no picture', Buffer.from('<?php phpinfo();'), /Only GIF, JPEG and PNG/],
    [
      'markup that draws',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      /Only GIF, JPEG and PNG/,
    ],
    ['an empty file', Buffer.alloc(0), /Only GIF, JPEG and PNG/],
    ['512 KB and a byte', Buffer.concat([dot, Buffer.alloc(524_289 - dot.length)]), /512 KB at/],
    ['3 MB', Buffer.concat([dot, Buffer.alloc(3_000_000)]), /512 KB at most/],
  ] as const) {
    it(`refuses ${what}, and keeps the old picture`, async () => {
      assert.equal((await upload(bytes)).status, 302)
      assert.match(await flash(), expected)
      assert.ok((await ask()).body.equals(gif))
    })
  }

  it('refuses a body over what PHP takes at all', async () => {
    assert.equal((await upload(Buffer.alloc(9_000_000))).status, 302)
    assert.equal(await flash(), 'The picture is far too large.')
  })

  it('wants a file', async () => {
    assert.equal((await browser.submit('/avatar', {})).status, 302)
    assert.equal(await flash(), 'Choose a picture first.')
    await browser.submit('/avatar', { avatar: 'text' })
    assert.equal(await flash(), 'Choose a picture first.')
  })

  it('answers 403 to an upload with a wrong token', async () => {
    assert.equal((await upload(picture, 'me.png', 'wrong')).status, 403)
    assert.ok((await ask()).body.equals(gif))
  })

  for (const [name, shown] of [
    ['../../public/evil.php', 'evil.php'],
    ['..\\..\\evil.php', 'evil.php'],
    ['<img src=x onerror=alert(1)>.png', '&lt;img src=x onerror=alert(1)&gt;.png'],
    ['a\u0001\u001b[31mb.png', 'a[31mb.png'],
    ['ж😀'.repeat(60), null],
    [Buffer.from([255, 254]), null],
    ["'; DROP TABLE users; --", '&#039;; DROP TABLE users; --'],
  ] as const) {
    it(`takes ${JSON.stringify(String(name).slice(0, 30))} for a name to be shown, and no more`, async () => {
      assert.equal((await upload(gif, name)).status, 302)
      const text = await flash()
      assert.match(text, /is your picture from now on/)
      assert.ok(text.length < 200)
      if (shown !== null) assert.ok(text.startsWith(`“${shown}”`), text)
      assert.equal((await ask()).status, 200)
      assert.equal((await fetch(`${legacy().url}/evil.php`)).status, 404)
    })
  }

  for (const id of ['0', '2', '01', '1.png', '-1', '1e0', '..%2F1', '99999999999999999999']) {
    it(`answers 404 to the picture of ${id}`, async () => {
      assert.equal((await fetch(`${legacy().url}/avatar/${id}`)).status, 404)
    })
  }
})

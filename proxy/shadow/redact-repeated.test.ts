import assert from 'node:assert/strict'
import type { Tally } from './finding.ts'
import { createRedact, type ExchangeRequest } from './redact.ts'
import { hideRepeated } from './redact-repeated.ts'
import { createTextSearch } from './redact-search.ts'
import { createTokens } from './redact-token.ts'

const key = Buffer.alloc(32, 7)
const redact = createRedact({ key })

const tally: Tally = {
  ...{
    route: 'a',
    epoch: 'e',
    primary: 'legacy',
    shadow: 'modern',
    outcome: 'mismatch',
    reason: null,
  },
  ...{ confirmed: false, at: 1, shape: 'GET', fingerprint: '0'.repeat(32), places: [] },
  ...{ discordant: null, legacyMs: null, modernMs: null },
}

const asked = (part: Partial<ExchangeRequest>): ExchangeRequest => ({
  method: 'POST',
  url: '/',
  headers: [],
  body: null,
  ...part,
})

/** What is kept of an answer to it. */
const shown = (request: ExchangeRequest, type: string, text: string): string => {
  const bytes = Buffer.from(text)
  const seen = redact.exchange(request).observation({
    from: 'legacy',
    status: 200,
    headers: ['Content-Type', type],
    trailers: [],
    body: { bytes, length: bytes.length, complete: true },
    ...{ headMs: 1, totalMs: 2, failure: null, instead: null },
  })
  return Buffer.from(seen.body.bytes ?? []).toString()
}

const secret = 'o\'Neill & "Söhne" <x/y>'
const form = asked({
  headers: ['Content-Type', 'application/x-www-form-urlencoded'],
  body: Buffer.from(`password=${encodeURIComponent(secret)}&title=plain+words`),
})

// biome-ignore format: a table reads best as a table
const answers: readonly (readonly [string, string, string])[] = [
  ['a text',              'text/plain',                        `is ${secret}!`],
  ['JSON',                'application/json',                  JSON.stringify({ a: [`is ${secret}`], [secret]: 1 })],
  ['JSON in JSON',        'application/json',                  JSON.stringify({ a: JSON.stringify({ b: secret }) })],
  ['a form',              'application/x-www-form-urlencoded', new URLSearchParams({ q: secret }).toString()],
  ['a page, as PHP does', 'text/html',                         '<p>o&#039;Neill &amp; &quot;Söhne&quot; &lt;x/y&gt;</p>'],
  ['a page, as ERB does', 'text/html',                         '<p>o&#39;Neill &amp; &quot;Söhne&quot; &lt;x/y&gt;</p>'],
  ['a link',              'text/html',                         `<a href="/go?back=${encodeURIComponent(secret)}">go</a>`],
  ['a script',            'text/html',                         `<script>x = ${JSON.stringify([secret]).replaceAll('/', '\\/')}</script>`],
  ['a part of a form',    'multipart/form-data; boundary=b',   `--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n${secret}\r\n--b--\r\n`],
  ['lines of JSON',       'application/x-ndjson',              `{"a":${JSON.stringify(secret)}}\nnot JSON: ${secret}\n`],
]

describe('secrets of a request', () => {
  for (const [what, type, text] of answers)
    it(`are found again in ${what}`, () => {
      const kept = shown(form, type, text)
      assert.doesNotMatch(kept, /Neill|hne|x\/y/)
      assert.ok(kept.includes(createTokens(key).of(secret)), kept)
    })

  it('are found in headers of the answer, in URLs and beside other texts', () => {
    const cookie = asked({ headers: ['Cookie', 'a="s%3Ahush-4711"; b=1; c=true; d=english'] })
    const { observation } = redact.exchange(cookie)
    const { headers, trailers } = observation({
      from: 'legacy',
      status: 302,
      headers: ['Location', 'https://s:hush-4711@h.example/s:hush-4711/x?a=%2Fs%253Ahush-4711'],
      trailers: ['X-Note', '1 is true in english: s:hush-4711'],
      body: { bytes: null, length: 0, complete: true },
      ...{ headMs: 1, totalMs: 2, failure: null, instead: null },
    })
    assert.doesNotMatch(headers.join(), /hush/)
    assert.match(trailers.join(), /^X-Note,1 is true in english: hmac:[\da-f]{16}$/)
  })

  it('are found as numbers, and leave numbers in their place', () => {
    const request = asked({
      headers: ['Content-Type', 'application/json'],
      body: Buffer.from('{"pin":480215}'),
    })
    const kept = shown(request, 'application/json', '{"id":480215,"of":[480216],"text":"480215"}')
    assert.match(kept, /^\{"id":(\d+),"of":\[480216\],"text":"\1"\}$/)
    assert.doesNotMatch(kept, /480215/)
  })

  it('are found in the request itself, and in patterns of tallies', () => {
    const request = asked({ url: '/a/hush-4711', headers: ['X-Api-Key', 'hush-4711'] })
    assert.match(redact.exchange(request).request.url, /^\/a\/hmac:[\da-f]{16}$/)
    const pattern = '/users/hush-4711/name'
    const place = {
      pattern,
      kind: 'value',
      severity: 'major',
      as: 'difference',
      rule: null,
    } as const
    const { places } = redact.tally({ ...tally, places: [place] }, request)
    assert.match(places[0]?.pattern ?? '', /^\/users\/hmac:[\da-f]{16}\/name$/)
  })

  // biome-ignore format: a table reads best as a table
  const said: readonly (readonly [string, Partial<ExchangeRequest>, string])[] = [
    ['a password of credentials',          { headers: ['Authorization', `Basic ${btoa('bob:hush-4711')}`] }, 'hush-4711'],
    ['the id in a signed cookie',          { headers: ['Cookie', `connect.sid=s%3Ahush-4711.${'x'.repeat(43)}`] }, 'hush-4711'],
    ['the id in a cookie that Rack signs', { headers: ['Cookie', `_session=hush-4711--${'0'.repeat(40)}`] }, 'hush-4711'],
    ['a mail address in a URL',            { url: '/?email=hush%2Bme@mail.example' }, '/y?u=hush%2Bme%40mail.example'],
    ['a mail address in a page',           { url: '/?email=hush%2Bme@mail.example' }, '<p>hush&#43;me@mail.example'],
    ['a secret that is longer than any',   { headers: ['X-Api-Key', `${'ab'.repeat(5_000)}hush`] }, `${'ab'.repeat(5_000)}hush`],
    ['one beside many that are long',      { headers: ['Cookie', `${Array.from({ length: 60 }, (_, at) => `p${at}=${encodeURIComponent(`{"${at}":"${'é&<"'.repeat(20)}${at}"}`)}`).join('; ')}; sid=hush-4711`] }, 'hush-4711'],
    ['one beside more than are looked for', { url: `/?${Array.from({ length: 300 }, (_, at) => `token${at}=abcdefgh${at}`).join('&')}&password=hush-4711` }, 'hush-4711'],
    ['one beside more than can be looked for', { url: `/?${Array.from({ length: 100 }, (_, at) => `token${at}=${`${at}é&<`.repeat(400)}`).join('&')}&password=hush-4711` }, 'hush-4711'],
  ]
  for (const [what, request, text] of said)
    it(`are found where an answer says ${what}`, () => {
      assert.doesNotMatch(
        shown(asked(request), 'application/json', JSON.stringify({ said: text })),
        /hush/,
      )
      assert.doesNotMatch(shown(asked(request), 'text/html', `<b>${text}</b>`), /hush/)
    })

  it('leave what is half a character as it is', () => {
    assert.match(redact.url('/\ud800jo@x.org'), /redacted\.invalid$/)
  })

  it('take no longer where a thousand are alike and nearly everywhere', () => {
    const secrets = Array.from(
      { length: 1_000 },
      (_, at) => `${'a'.repeat(30)}${'b'.repeat(at % 99)}c`,
    )
    const hide = hideRepeated(new Map(secrets.map((each) => [each, 'x'])), createTokens(key))
    const text = 'a'.repeat(300_000)
    assert.equal(hide(text), text)
    const found = hide(`${text}c${text}bc`)
    assert.equal(found, `${'a'.repeat(299_970)}x${'a'.repeat(299_970)}x`)
  })
})

describe('a search for many texts', () => {
  const spans = (texts: readonly string[], text: string): string[] =>
    (createTextSearch(texts)?.(text) ?? []).map(({ from, to }) => text.slice(from, to))

  it('finds the longest, wherever they begin', () => {
    assert.deepEqual(spans(['he', 'she', 'hers', 'his'], 'ushers, his'), ['shers', 'his'])
    assert.deepEqual(spans(['abc', 'abcdef', 'cdx'], 'abcdexabcdef'), ['abc', 'abcdef'])
    assert.deepEqual(spans(['bc', 'abcd', 'cde'], 'abcde bc'), ['abcde', 'bc'])
  })

  it('finds nothing of nothing', () => assert.deepEqual(spans([], 'abc'), []))
})

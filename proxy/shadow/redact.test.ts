import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { anyOf } from '../compare/shape.ts'
import { createStore } from '../store/create-store.ts'
import { plainExemplar } from '../store/plain-records.ts'
import { exemplarText } from '../store/stored-json.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import type { Exemplar } from './finding.ts'
import { ownNames } from './planted-names.ts'
import { plantSecrets } from './planted-secrets.ts'
import { createRedact } from './redact.ts'

const key = Buffer.alloc(32, 7)
const redact = createRedact({ key, names: ownNames })

/** As it stands, and as a JSON text, a URL or an HTML page may write it. */
const found = (secrets: readonly string[], haystack: string): string[] =>
  secrets.filter((secret) =>
    [secret, encodeURIComponent(secret), secret.toLowerCase(), secret.replaceAll(' ', '')].some(
      (form) => haystack.includes(form),
    ),
  )

const redacted = (exemplar: Exemplar): Exemplar => {
  const kept = redact.exemplar(exemplar)
  assert.ok(kept)
  return kept
}

const bodyOf = (exemplar: Exemplar): string => Buffer.from(exemplar.legacy!.body.bytes!).toString()

const answering = (type: string, body: string | Uint8Array, coding?: string): Exemplar => {
  const plain = plainExemplar()
  const bytes = Buffer.from(body)
  const headers = [
    'Content-Type',
    type,
    ...(coding === undefined ? [] : ['Content-Encoding', coding]),
  ]
  return {
    ...plain,
    legacy: { ...plain.legacy!, headers, body: { bytes, length: bytes.length, complete: true } },
  }
}

describe('redaction', () => {
  it('leaves none of two hundred planted secrets, in any level but full', () => {
    const { secrets, exemplar } = plantSecrets()
    assert.ok(secrets.length >= 200, `${secrets.length} planted`)
    assert.ok(found(secrets, exemplarText(exemplar)).length >= 200)
    assert.deepEqual(found(secrets, exemplarText(redacted(exemplar))), [])
    const paths = createRedact({ key, names: ownNames, level: 'paths' }).exemplar(exemplar)
    assert.ok(paths)
    assert.deepEqual(found(secrets, exemplarText(paths)), [])
    assert.equal(createRedact({ key, level: 'none' }).exemplar(exemplar), null)
  })

  it('leaves none of them in the files of the store, the log or the metrics', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'banyan-redact-'))
    const lines: string[] = []
    const say = (event: string, fields?: object) => void lines.push(JSON.stringify([event, fields]))
    const metrics = createMetrics({
      log: { debug: say, info: say, warn: say, error: say },
      node: false,
    })
    const store = createStore(
      { url: `sqlite:${join(dir, 'banyan.db')}`, limitBytes: 1e9, keepMs: 1e13 },
      {
        log: { info: say, warn: say },
        count: (result, items) => {
          metrics.counter('store_writes_total', { result }).value += items
        },
      },
    )
    try {
      const { secrets, exemplar } = plantSecrets()
      await store.readEvidence()
      store.putExemplar({ ...redacted(exemplar), at: Date.now() })
      const kept = await (async () => {
        await store.close()
        return readdirSync(dir).map((name) => readFileSync(join(dir, name)).toString('latin1'))
      })()
      assert.ok(kept.join('').includes('users.show'))
      const page = (await metrics.page('identity')).toString()
      assert.match(page, /store_writes_total\{result="written"\} 1/)
      assert.deepEqual(found(secrets, [...kept, ...lines, page].join('\n')), [])
    } finally {
      metrics.close()
      rmSync(dir, { recursive: true, force: true })
    }
  })

  it('shows which secrets are equal, and which are not, wherever they stand', () => {
    const json = (email: string, password: string) =>
      JSON.parse(
        bodyOf(
          redacted(
            answering('application/json', JSON.stringify({ contact: email, password, ok: true })),
          ),
        ),
      )
    const [a, b, c] = [json('jo@x.org', 'one'), json('jo@x.org', 'two'), json('al@x.org', 'one')]
    assert.equal(a.contact, b.contact)
    assert.notEqual(a.password, b.password)
    assert.notEqual(a.contact, c.contact)
    assert.equal(a.password, c.password)
    assert.equal(a.ok, true)
    assert.ok(
      redact
        .url('/u/jo%40x.org?mail2=jo@x.org')
        .includes(encodeURIComponent(a.contact).replace('%40', '@')),
    )
  })

  it('keeps the digits of numbers, the order and the spelling of JSON that holds no secret', () => {
    const text =
      '{ "id": 9007199254740993, "price":1.10,\n "a":[], "a":{}, "at":"2024-05-01T10:00:00.000Z", "slug":"how-to-train-2" }'
    assert.equal(bodyOf(redacted(answering('application/json', text))), text)
    const plain = plainExemplar()
    assert.deepEqual(redacted(plain), plain)
  })

  it('looks into compressed bodies and puts the coding on again', () => {
    const bytes = brotliCompressSync('{"password":"hunter2hunter2"}')
    const { legacy } = redacted(answering('application/json', bytes, 'br'))
    assert.match(
      brotliDecompressSync(legacy!.body.bytes!).toString(),
      /^\{"password":"hmac:[\da-f]{16}"\}$/,
    )
  })

  it('keeps no more of binary bodies than their length and whether they are the same', () => {
    const image = (last: number) =>
      bodyOf(redacted(answering('image/png', Buffer.from([137, 80, 0, last]))))
    assert.match(image(1), /^\[4 bytes, hmac:[\da-f]{16}\]$/)
    assert.equal(image(1), image(1))
    assert.notEqual(image(1), image(2))
  })

  it('keeps the names and attributes of cookies, and the scheme of credentials', () => {
    assert.match(
      redact.header('Set-Cookie', 'sid=abc; Path=/; HttpOnly'),
      /^sid=hmac:[\da-f]{16}; Path=\/; HttpOnly$/,
    )
    assert.match(redact.header('cookie', 'a=1; b=2'), /^a=hmac:[\da-f]{16}; b=hmac:[\da-f]{16}$/)
    assert.match(redact.header('Authorization', 'Bearer abc'), /^Bearer hmac:[\da-f]{16}$/)
  })

  const hostile: readonly (readonly [string, string])[] = [
    ['word characters', 'a'.repeat(262_144)],
    ['digits', '1 '.repeat(131_072)],
    ['opening tags', '<input '.repeat(37_000)],
    ['names', 'a=b:'.repeat(65_536)],
    ['open arrays', '['.repeat(262_144)],
    ['open strings', '"\\'.repeat(131_072)],
    ['at signs', '@a.'.repeat(87_000)],
  ]
  for (const [what, text] of hostile)
    it(`takes no longer than a body of its size should for nothing but ${what}`, () => {
      const begun = performance.now()
      redacted(answering('text/html', text))
      assert.ok(performance.now() - begun < 4_000)
    })
})

describe('bounds of noise, which are made of values', () => {
  it('are kept to the process that has learned them', () => {
    const number = { least: 1_234, most: 9_876, fewestDigits: 0, mostDigits: 0 }
    const bounds = { number, token: null }
    const shape = anyOf('integer')
    const place = { pattern: '/salary', kind: 'value', shape, spreadMs: 0, bounds } as const
    assert.deepEqual(redact.noise([place]), [
      { pattern: '/salary', kind: 'value', shape, spreadMs: 0 },
    ])
  })
})

describe('names of noise that are data', () => {
  it('are read once, however long and however many of their tests are not closed', () => {
    for (const step of ['[', '[a', '[a=', '[]']) {
      const pattern = `/${step.repeat(250_000)}\n`
      const shape = { name: 'text', detail: null, values: ['1'] } as const
      const [place] = redact.noise([
        { pattern, names: [pattern], kind: 'value', shape, spreadMs: 0 },
      ])
      assert.ok(place?.names?.[0]?.startsWith('/['))
    }
    const pattern = '/items/[password=hunter2hunter2'
    const [open] = redact.noise([
      { pattern, names: [pattern], kind: 'value', shape: null, spreadMs: 0 },
    ])
    assert.match(open?.names?.[0] ?? '', /^\/items\/\[password=hmac:[\da-f]{16}$/)
  })

  it('are redacted as paths are', () => {
    const [place] = redact.noise([
      {
        pattern: '/byMail/*',
        names: ['/byMail/ann@mail.example'],
        ...{ kind: 'value', shape: null, spreadMs: 0 },
      },
    ])
    assert.ok(place?.names?.every((name) => name.startsWith('/byMail/') && !name.includes('ann@')))
  })
})

import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { common, createFolder, type Folder, type Ran, run } from './command-lab.ts'
import { compare } from './compare.ts'

const gzip = ['Content-Type: application/json', 'Content-Encoding: gzip'].join('\r\n')
const message = Buffer.concat([
  Buffer.from(`HTTP/1.1 200 OK\r\n${gzip}\r\n\r\n`),
  gzipSync('{"a":1}'),
])
const deep = (core: string): string => `${'['.repeat(100_000)}${core}${']'.repeat(100_000)}`

/** Files that no client would send, and what is said of them. */
// biome-ignore format: a table reads best as a table
const files: readonly (readonly [string, string | Uint8Array, string | Uint8Array, number, RegExp])[] = [
  ['a zipped body beside a plain one',     gzipSync('{"a":1}'), '{"a": 1}', 0, /^equivalent/],
  ['two zipped bodies that differ',        gzipSync('{"a":1}'), gzipSync('{"a":2}'), 1, /\/a +value/],
  ['what only begins like a zipped body',  Buffer.from([0x1f, 0x8b, 8, 0]), '{"a":1}', 1, /a\.json is no JSON at byte 2: expected UTF-8/],
  ['a whole message, its body zipped',     message, '{"a":1}', 0, /^equivalent/],
  ['JSON deeper than 512 levels',          deep('1'), deep('2'), 1, /is no JSON at byte 513: expected at most 512 levels/],
  ['NaN',                                  '[NaN]', '[1]', 1, /a\.json is no JSON at byte 2: expected a value/],
  ['a name that is repeated',              '{"a":1,"a":1}', '{"a":1}', 1, /repeated/],
  ['a byte order mark',                    '\ufeff{"a":1}', '{"a":1}', 0, /^equivalent/],
  ['bytes that are no UTF-8 on one side',  Buffer.from([0x22, 0xff, 0x22]), '""', 1, /a\.json is no JSON at byte 2: expected UTF-8/],
  ['bytes that are no UTF-8 on both',      Buffer.from([0x22, 0xff, 0x22]), Buffer.from([0x22, 0xfe, 0x22]), 1, /neither body is what its charset says/],
  ['numbers beyond doubles',               '[1e400]', '[1e401]', 1, /1e400 +1e401/],
  ['numbers of a hundred thousand digits', `[${'9'.repeat(100_000)}]`, `[${'9'.repeat(99_999)}8]`, 1, /\/0 +value/],
  ['a number of a long exponent',          '[1e999999999]', '[1e999999998]', 1, /\/0 +value/],
  ['nothing beside something',             '', '{"a":1}', 1, /a\.json is no JSON at byte 1: expected a value/],
  ['nothing at all',                       '', '', 0, /^identical/],
  ['a page beside JSON',                   '<p>x</p>', '{"a":1}', 1, /a\.json is no JSON at byte 1/],
  ['a body that is a message itself',      'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 404 X\r\n\r\nx', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 500 X\r\n\r\nx', 1, /404/],
  ['a redirect that was followed',         'HTTP/1.1 302 X\r\nLocation: /a\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx', 'HTTP/1.1 200 OK\r\n\r\nx', 0, /^identical/],
  ['a head without its end',               'HTTP/1.1 200 OK\r\nA: b\r\n', '{"a":1}', 1, /a\.json is no JSON at byte 1/],
  ['what looks like a stored exchange',    '{"request":{"method":1},"legacy":{}}', '{"a":1}', 1, /\/request +missing/],
  ['an exchange of which nothing is left', '{"request":{"method":1}}', '{"a":1}', 1, /\/request +missing/],
]

describe('banyan compare, on files', () => {
  let folder: Folder
  beforeEach(() => {
    folder = createFolder()
  })
  afterEach(() => folder.remove())

  const compared = (a: string | Uint8Array, b: string | Uint8Array): Promise<Ran> => {
    const paths = [folder.write('a.json', ''), folder.write('b.json', '')] as const
    writeFileSync(paths[0], a)
    writeFileSync(paths[1], b)
    const options = { ...common('none.yaml', false), rules: null, form: null }
    return run((io) => compare({ ...options, a: paths[0], b: paths[1] }, io))
  }

  for (const [title, a, b, code, words] of files)
    it(`takes ${title}`, async () => {
      const ran = await compared(a, b)
      const said = (ran.out + ran.err).replaceAll(join(folder.write('x', ''), '..'), '')
      assert.equal(ran.code, code, said)
      assert.match(said, words)
    })

  it('says nothing of JSON that it could read', async () => {
    assert.equal((await compared('{"a":1}', '{"a":2}')).err, '')
  })
})

import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import * as zlib from 'node:zlib'
import { decodeContent, decodeText, sameBytes } from './decode.ts'

const plain = Buffer.from('{"a":"é"}'.repeat(100))
const megabytes = Buffer.alloc(4_000_000, 32)

/** Content-Encoding, the bytes, and what comes of them. */
const cases: [string, string | null, Uint8Array, Uint8Array | string][] = [
  ['no coding', null, plain, plain],
  ['identity', 'identity', plain, plain],
  ['gzip', 'gzip', zlib.gzipSync(plain), plain],
  ['gzip under its old name', 'X-GZip', zlib.gzipSync(plain), plain],
  ['brotli', 'br', zlib.brotliCompressSync(plain), plain],
  ['deflate with the header of zlib', 'deflate', zlib.deflateSync(plain), plain],
  ['deflate without it', 'deflate', zlib.deflateRawSync(plain), plain],
  ['two codings', 'gzip, br', zlib.brotliCompressSync(zlib.gzipSync(plain)), plain],
  ['nothing at all', 'gzip', Buffer.alloc(0), Buffer.alloc(0)],
  ['three codings', 'gzip, gzip, gzip', plain, 'coding'],
  ['an unknown coding', 'compress', plain, 'coding'],
  ['a coding named like a method of objects', 'constructor', plain, 'coding'],
  ['a coding that is not there', 'gzip', plain, 'corrupt'],
  ['half of a stream', 'gzip', zlib.gzipSync(plain).subarray(0, 30), 'corrupt'],
  ['a gzip bomb', 'gzip', zlib.gzipSync(megabytes), 'size'],
  ['a brotli bomb', 'br', zlib.brotliCompressSync(megabytes), 'size'],
  [
    'a bomb in a bomb',
    'br, gzip',
    zlib.gzipSync(zlib.brotliCompressSync(Buffer.alloc(100_000_000))),
    'size',
  ],
]

/** Charset, bytes, text or fault. */
const texts: [string | null, Buffer, string | null][] = [
  [null, Buffer.from('é'), 'é'],
  ['utf8', Buffer.from('é'), 'é'],
  ['ISO-8859-1', Buffer.from('é', 'latin1'), 'é'],
  ['windows-1252', Buffer.from([0x80]), '€'],
  ['utf-16le', Buffer.from('é', 'utf16le'), 'é'],
  [null, Buffer.from('\uFEFFa'), 'a'],
  [null, Buffer.from('\uFEFFa', 'utf16le'), 'a'],
  ['shift_jis', Buffer.from([0x82, 0xa0]), 'あ'],
  [null, Buffer.from([0xff]), null],
  ['utf-8', Buffer.from('é', 'latin1'), null],
  ['klingon', Buffer.from('a'), null],
]

describe('decodeContent', () => {
  for (const [title, header, bytes, expected] of cases) {
    it(`${typeof expected === 'string' ? 'refuses' : 'decodes'} ${title}`, () => {
      const decoded = decodeContent(bytes, header)
      if (typeof expected === 'string') assert.deepEqual(decoded, { fault: expected })
      else assert.ok('bytes' in decoded && sameBytes(decoded.bytes, expected))
    })
  }

  it('decodes zstd where Node can, and says that it cannot elsewhere', () => {
    const compress = (zlib as { zstdCompressSync?: (bytes: Uint8Array) => Buffer }).zstdCompressSync
    const decoded = decodeContent(compress?.(plain) ?? plain, 'zstd')
    assert.equal('bytes' in decoded, compress !== undefined)
  })
})

describe('decodeText', () => {
  for (const [label, bytes, text] of texts) {
    it(`reads ${bytes.toString('hex')} as ${label ?? 'no charset'}: ${text ?? 'a fault'}`, () => {
      assert.deepEqual(decodeText(bytes, label), text === null ? { fault: 'charset' } : { text })
    })
  }
})

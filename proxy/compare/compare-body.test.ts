import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type Comparison, compare } from './compare.ts'
import { observed, type PlainAnswer } from './observed.ts'

const json = ['Content-Type', 'application/json']

const compared = (legacy: PlainAnswer, modern: PlainAnswer): Comparison =>
  compare(observed('legacy', legacy), observed('modern', modern))

const brief = ({ outcome, reason, differences }: Comparison): string =>
  [outcome, reason, ...differences.map(({ kind, path }) => `${kind} ${path}`)]
    .filter((part) => part !== null)
    .join(', ')

const page = '<p>1</p>'
const text = (body: string): PlainAnswer => ({ headers: ['Content-Type', 'text/plain'], body })
const typed = (type: string, body: string | Uint8Array): PlainAnswer => ({
  headers: ['Content-Type', type],
  body,
})
const coded = (coding: string, body: Uint8Array): PlainAnswer => ({
  headers: [...json, 'Content-Encoding', coding],
  body,
})
const plain = Buffer.from('{"a":1}')

/** Two answers, and what they come to. */
const bodies: [string, PlainAnswer, PlainAnswer, string][] = [
  [
    'the same bytes',
    typed('application/json', '{"a":1}'),
    typed('application/json', '{"a":1}'),
    'identical',
  ],
  [
    'the same value',
    typed('application/json', '{"a":1}'),
    typed('application/json', '{ "a": 1 }'),
    'equivalent',
  ],
  ['another status', { status: 200 }, { status: 404 }, 'mismatch, value status'],
  [
    'gzip and brotli',
    coded('gzip', gzipSync(plain)),
    coded('br', brotliCompressSync(plain)),
    'equivalent',
  ],
  ['gzip and none', coded('gzip', gzipSync(plain)), typed('application/json', plain), 'equivalent'],
  [
    'a bomb',
    coded('br', brotliCompressSync(Buffer.alloc(9_000_000))),
    typed('application/json', plain),
    'inconclusive, decoded_size',
  ],
  [
    'the same bomb with another status',
    { ...coded('br', brotliCompressSync(Buffer.alloc(9_000_000))), status: 500 },
    coded('br', brotliCompressSync(Buffer.alloc(9_000_000))),
    'mismatch, value status',
  ],
  [
    'a bomb with another status',
    { ...coded('br', brotliCompressSync(Buffer.alloc(9_000_000))), status: 500 },
    typed('application/json', plain),
    'mismatch, value status',
  ],
  [
    'an unknown coding',
    coded('zip', plain),
    typed('application/json', plain),
    'inconclusive, coding_unknown',
  ],
  [
    'a coding that is not there',
    typed('application/json', plain),
    coded('gzip', plain),
    'mismatch, unreadable ',
  ],
  [
    'bad UTF-8 on one side',
    typed('application/json', '"é"'),
    typed('application/json', Buffer.from('"é"', 'latin1')),
    'mismatch, unreadable ',
  ],
  [
    'bad UTF-8 on both',
    typed('application/json', Buffer.from([0x22, 0xe9, 0x22])),
    typed('application/json', Buffer.from([0x22, 0xe8, 0x22])),
    'inconclusive, charset',
  ],
  [
    'one text in two charsets',
    typed('text/plain; charset=latin1', Buffer.from('é', 'latin1')),
    typed('text/plain; charset=utf-8', 'é'),
    'mismatch, value header:content-type/charset',
  ],
  [
    'JSON that is none on one side',
    typed('application/json', '{"a":1}'),
    typed('application/json', '{"a":1'),
    'mismatch, unreadable ',
  ],
  [
    'JSON that is none on both',
    typed('application/json', 'Warning: x\n{}'),
    typed('application/json', 'Warning: y\n{}'),
    'mismatch, value /line[1]',
  ],
  [
    'JSON that PHP calls HTML',
    typed('text/html', '{"a":1}'),
    typed('text/html', '{"a": 2}'),
    'mismatch, value /a',
  ],
  ['JSON that nobody announces', { body: '[1]' }, { body: '[2]' }, 'mismatch, value /0'],
  [
    'lines of JSON',
    typed('application/x-ndjson', '{"a":1}\n{"a":2}\n'),
    typed('application/x-ndjson', '{"a":1}\n{"a": 3}'),
    'mismatch, value /1/a',
  ],
  [
    'forms',
    typed('application/x-www-form-urlencoded', 'a=1&b=2&b=3'),
    typed('application/x-www-form-urlencoded', 'b=2&b=3&a=1'),
    'equivalent',
  ],
  [
    'a value of a form',
    typed('application/x-www-form-urlencoded', 'a=1'),
    typed('application/x-www-form-urlencoded', 'a=2'),
    'mismatch, value /a',
  ],
  ['a line of text', text('a\nb\nc'), text('a\nx\nb\nc'), 'mismatch, extra /line[2]'],
  ['other line ends', text('a\nb'), text('a\r\nb'), 'mismatch, spelling '],
  [
    'a page and JSON',
    typed('text/html', page),
    typed('application/json', '{}'),
    'mismatch, type header:content-type, ',
  ],
  [
    'images',
    typed('image/png', Buffer.from([1])),
    typed('image/png', Buffer.from([2])),
    'mismatch, value ',
  ],
  [
    'an empty body',
    typed('application/json', '{"a":1}'),
    typed('application/json', ''),
    'mismatch, unreadable ',
  ],
  [
    'trailers',
    { trailers: ['X-Sum', '1'] },
    { trailers: ['X-Sum', '2'] },
    'mismatch, value trailer:x-sum',
  ],
]

describe('comparing bodies', () => {
  for (const [title, legacy, modern, expected] of bodies)
    it(`takes ${title} for: ${expected}`, () => {
      assert.ok(
        brief(compared(legacy, modern)).startsWith(expected),
        brief(compared(legacy, modern)),
      )
    })
})

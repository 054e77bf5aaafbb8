/** Answers as fast-check draws them: well-formed ones, and those of an upstream that is not well. */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'

export interface Drawn {
  readonly method: 'GET' | 'HEAD'
  readonly bytes: Buffer
}

const latin = fc
  .integer({ min: 0x21, max: 0xff })
  .filter((code) => code !== 0x7f && (code < 0x80 || code > 0x9f))
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(latin, { maxLength }).map((codes) => String.fromCharCode(...codes))
const name = fc.stringMatching(/^X-[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/)
const line = fc
  .tuple(name, fc.constantFrom(' ', '', '\t', '  '), text(20))
  .map(([n, gap, v]) => `${n}:${gap}${v}\r\n`)
const lines = fc.array(line, { maxLength: 6 }).map((all) => all.join(''))
const status = fc.oneof(
  fc.constantFrom(200, 204, 206, 304, 404, 500),
  fc.integer({ min: 200, max: 999 }),
)
const interim = fc
  .constantFrom(100, 102, 103)
  .chain((code) => lines.map((rest) => `HTTP/1.1 ${code} Early\r\n${rest}\r\n`))
const interims = fc.array(interim, { maxLength: 3 }).map((all) => all.join(''))
const part = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'))
const parts = fc.array(part, { maxLength: 5 })
const extension = fc.constantFrom('', ';a=b', ';name="value"')
const sizes = fc.array(fc.tuple(fc.boolean(), extension), { minLength: 6, maxLength: 6 })

const chunked = fc.tuple(parts, sizes, lines).map(([all, looks, trailers]) => {
  const chunks = all.map((data, at) => {
    const [isUpper, ext] = looks[at] ?? [false, '']
    const size = data.length.toString(16)
    return `${isUpper ? size.toUpperCase() : size}${ext}\r\n${data}\r\n`
  })
  return {
    framing: 'Transfer-Encoding: chunked\r\n',
    body: `${chunks.join('')}0\r\n${trailers}\r\n`,
  }
})
const counted = parts.map((all) => {
  const body = all.join('')
  return { framing: `Content-Length: ${body.length}\r\n`, body }
})
const delimited = parts.map((all) => ({ framing: 'Connection: close\r\n', body: all.join('') }))

/** Well-formed: every reader must understand it, and alike. */
export const wellFormed: fc.Arbitrary<Drawn> = fc
  .record({
    method: fc.constantFrom('GET' as const, 'HEAD' as const),
    interims,
    status,
    reason: text(12),
    before: lines,
    after: lines,
    message: fc.oneof(chunked, counted, delimited),
  })
  .map(({ method, message, ...head }) => {
    const hasBody = method === 'GET' && head.status !== 204 && head.status !== 304
    const start = `HTTP/1.1 ${head.status} ${head.reason}\r\n`
    const whole = `${head.interims}${start}${head.before}${message.framing}${head.after}\r\n${hasBody ? message.body : ''}`
    return { method, bytes: Buffer.from(whole, 'latin1') }
  })

const oddities = [
  ...[
    '\r',
    '\n',
    '\r\n',
    '\0',
    ' ',
    '\t',
    ':',
    ';',
    ',',
    '0',
    'f',
    '\x7f',
    '\x0b',
    '-1',
    '+1',
    '0x',
  ],
  ...['Content-Length: 3\r\n', 'Content-Length: 3, 3\r\n', 'Transfer-Encoding: chunked\r\n'],
  ...['Transfer-Encoding: gzip, chunked\r\n', 'Transfer-Encoding : chunked\r\n', ' folded\r\n'],
  ...[
    'Transfer-Encoding: identity\r\n',
    'HTTP/1.0 200 OK\r\n',
    'HTTP/1.1 101 Up\r\n\r\n',
    '0\r\n\r\n',
  ],
]

/** A well-formed answer with up to three places spoiled. */
export const spoiled: fc.Arbitrary<Drawn> = fc
  .tuple(
    wellFormed,
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...oddities)), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([{ method, bytes }, spoils]) => {
    let message = bytes.toString('latin1')
    for (const [place, removed, put] of spoils) {
      const at = place % (message.length + 1)
      message = message.slice(0, at) + put + message.slice(at + removed)
    }
    return { method, bytes: Buffer.from(message, 'latin1') }
  })

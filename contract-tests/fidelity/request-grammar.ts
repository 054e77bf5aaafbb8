/** Requests as fast-check draws them: well-formed ones, spoiled in up to three places. */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'

const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH')
const target = fc.constantFrom('/', '/a//b?c', '/%zz', 'http://app.example/x', '*', '/a\\b', '/;x')
const name = fc.stringMatching(/^X-[A-Za-z0-9_.]{1,8}$/)
const value = fc.stringMatching(/^[!-~]{0,12}$/)
const line = fc.tuple(name, value).map(([key, text]) => `${key}: ${text}\r\n`)
const lines = fc.array(line, { maxLength: 4 }).map((all) => all.join(''))
const body = fc.constantFrom(
  '',
  'x',
  'GET /smuggled HTTP/1.1\r\nHost: app.example\r\n\r\n',
  '0\r\n\r\n',
)

const framed = fc
  .tuple(fc.constantFrom('none', 'length', 'chunked'), body)
  .map(([framing, text]) => {
    if (framing === 'length') return [`Content-Length: ${text.length}\r\n`, text]
    if (framing === 'none') return ['', '']
    const chunks = text === '' ? '' : `${text.length.toString(16)}\r\n${text}\r\n`
    return ['Transfer-Encoding: chunked\r\n', `${chunks}0\r\n\r\n`]
  })

const request = fc
  .record({ method, target, version: fc.constantFrom('1.1', '1.1', '1.0'), lines, framed })
  .map(({ framed: [framing, text], ...head }) => {
    const first = `${head.method} ${head.target} HTTP/${head.version}\r\n`
    return `${first}Host: app.example\r\n${head.lines}${framing}\r\n${text}`
  })

// biome-ignore format: a list reads best as a list
const oddities = [
  '\r', '\n', '\r\n', '\0', ' ', '\t', ':', ',', ';', '0', '1', 'f', '\x0b', '\x7f', '-', '+', '0x', 'chunked', '\xa0',
  'Content-Length: 1\r\n', 'Content-Length: 0\r\n', 'content-length:  9\r\n', 'Content_Length: 5\r\n', 'Content-Length: 1, 1\r\n',
  'Transfer-Encoding: chunked\r\n', 'transfer-encoding:\tchunked\r\n', 'Transfer-Encoding : chunked\r\n', 'Transfer-Encoding: x\r\n',
  'Transfer-Encoding: gzip, chunked\r\n', 'Transfer-Encoding:\r\n chunked\r\n', 'Transfer_Encoding: chunked\r\n', 'Host: evil\r\n',
  'Connection: close, Content-Length\r\n', 'Connection: Transfer-Encoding\r\n', 'Upgrade: h2c\r\nConnection: upgrade\r\n',
  'Expect: 100-continue\r\n', 'Trailer: Content-Length\r\n', 'TE: chunked\r\n', 'HTTP/1.1\r\n', 'GET /second HTTP/1.1\r\nHost: a\r\n\r\n',
]

/** What a client may say in one go: one request or two, up to three places spoiled. */
export const saying: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.array(request, { minLength: 1, maxLength: 2 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...oddities)), { maxLength: 3 }),
  )
  .map(([requests, spoils]) => {
    let text = requests.join('')
    for (const [place, removed, put] of spoils) {
      const at = place % (text.length + 1)
      text = text.slice(0, at) + put + text.slice(at + removed)
    }
    return Buffer.from(text, 'latin1')
  })

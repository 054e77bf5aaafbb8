import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import type { Exemplar } from '../shadow/finding.ts'
import { type CurlLine, curlLine } from './curl-line.ts'

type Request = Exemplar['request']

const plain: Request = { method: 'GET', url: '/a?b=1', headers: [], body: null }
const lineOf = (part: Partial<Request>): CurlLine =>
  curlLine({ request: { ...plain, ...part }, origin: 'http://127.0.0.1:8080', more: [] })

/** The words that curl would be started with, in whose place something prints them. */
const wordsOf = ({ line }: CurlLine, env: Record<string, string> = {}): readonly string[] => {
  const script = `curl() { for word; do printf '%s\\0' "$word"; done; }\n${line}`
  const out = execFileSync('sh', ['-c', script], { env, encoding: 'latin1' })
  return out.split('\0').slice(0, -1)
}
const headersOf = (words: readonly string[]): readonly string[] =>
  words.filter((_, at) => words[at - 1] === '-H')

describe('a request as a curl command', () => {
  it('has its method, its headers and no others, and its target', () => {
    const headers = ['Host', 'x.test', 'X-A', 'b', 'X-Empty', '', 'Content-Length', '3']
    const words = wordsOf(lineOf({ method: 'PUT', headers, body: Buffer.from('a=b') }))
    assert.deepEqual(headersOf(words), [
      ...['Host: x.test', 'X-A: b', 'X-Empty;'],
      ...['accept:', 'user-agent:', 'content-type:'],
    ])
    assert.equal(words[words.indexOf('-X') + 1], 'PUT')
    assert.equal(words[words.indexOf('--data-raw') + 1], 'a=b')
    assert.equal(words.at(-1), 'http://127.0.0.1:8080/a?b=1')
  })

  it('runs nothing that a client sent', () => {
    const evil = "'; echo owned; $(echo owned) `echo owned` \u001b[2J"
    const line = lineOf({
      method: 'POST',
      url: `/x?${evil}`,
      headers: ['X-A', `${evil}\u00e9`],
      body: Buffer.from(`@/etc/passwd ${evil}\n`),
    })
    const words = wordsOf(line)
    assert.equal(words.at(-1), `http://127.0.0.1:8080/x?${evil}`)
    assert.ok(headersOf(words).includes(`X-A: ${evil}\u00e9`))
    assert.equal(words[words.indexOf('--data-raw') + 1], `@/etc/passwd ${evil}\n`)
    assert.match(line.line, /^[\n\x20-\x7e]*$/)
  })

  it('asks for each secret once by a name of its own', () => {
    const [one, two] = ['hmac:0123456789abcdef', 'hmac:fedcba9876543210']
    const line = lineOf({
      url: `/x?token=${one}`,
      headers: ['Authorization', `Bearer ${one}`, 'Cookie', `a=${one}; b=${two}`, 'Path', '…'],
    })
    const names = ['SECRET_AUTHORIZATION', 'SECRET_COOKIE', 'SECRET_PATH']
    assert.deepEqual(line.placeholders, names)
    const words = wordsOf(line, {
      SECRET_AUTHORIZATION: "it's",
      SECRET_COOKIE: 'c d',
      SECRET_PATH: 'p',
    })
    assert.deepEqual(headersOf(words).slice(0, 3), [
      "Authorization: Bearer it's",
      "Cookie: a=it's; b=c d",
      'Path: p',
    ])
    assert.equal(words.at(-1), "http://127.0.0.1:8080/x?token=it's")
  })

  it('hands bytes that no word can hold to curl by a pipe', () => {
    const body = Buffer.from([0, 1, 2, 255])
    const { line } = lineOf({ method: 'POST', body })
    const script = `curl() { cat; }\n${line}`
    assert.deepEqual(execFileSync('sh', ['-c', script]), body)
  })

  it('says when a body was not kept', () => {
    assert.equal(lineOf({ method: 'POST' }).lacksBody, true)
    assert.equal(lineOf({ method: 'GET' }).lacksBody, false)
    assert.ok(lineOf({ method: 'HEAD' }).line.includes('--head'))
  })
})

import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { cuts, readByNode, readByUs } from './parser-lab.ts'
import { spoiled, wellFormed } from './response-grammar.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`

describe('createResponseParser', () => {
  it('keeps names, order, repetitions and bytes of lines, and the bytes of the reason', () => {
    const text =
      'HTTP/1.1 299 D\xe9j\xe0  vu\r\nX-b: caf\xe9 \r\nx-A:\t1\r\nX-b:2\r\nContent-Length: 0\r\n\r\n'
    for (const pieces of cuts(bytes(text))) {
      const { answer, isClean } = readByUs(pieces)
      assert.equal(answer?.reason, 'D\xe9j\xe0  vu')
      assert.deepEqual(answer?.lines, [
        'X-b',
        'caf\xe9',
        'x-A',
        '1',
        'X-b',
        '2',
        'Content-Length',
        '0',
      ])
      assert.equal(isClean, true)
    }
  })

  // biome-ignore format: a table reads best as a table
  const understood: readonly (readonly [string, string, string, boolean])[] = [
    ['an empty reason',                          'HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n',                    '',      true],
    ['no reason at all',                         'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n',                     '',      true],
    ['status 100 over and over',                 `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50)}${ok}Content-Length: 2\r\n\r\nhi`, 'hi', true],
    ['a body that the end of the connection ends', `${ok}\r\nhi`,                                                'hi',    false],
    ['an answer after which it closes',          `${ok}Connection: x, Close\r\nContent-Length: 2\r\n\r\nhi`,      'hi',    false],
    ['HTTP/1.0',                                 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi',                'hi',    false],
    ['HTTP/1.0 that keeps its connection',       'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi', 'hi', true],
    ['chunks with extensions and capitals',      `${chunked}00A;x="y"\r\n0123456789\r\n1 \r\n!\r\n0\r\n\r\n`,     '0123456789!', true],
    ['bytes after the answer',                   `${ok}Content-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n\r\n`,       'hi',    false],
    ['a 204 that announces a body',              'HTTP/1.1 204 No\r\nContent-Length: 9\r\n\r\n',                  '',      true],
    ['a 204 that announces chunks',              'HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n',         '',      true],
    ['a 304 with a body all the same',           'HTTP/1.1 304 No\r\nContent-Length: 2\r\n\r\nhi',                '',      false],
  ]
  for (const [title, text, body, isClean] of understood) {
    it(`understands ${title}, cut anywhere`, () => {
      for (const pieces of cuts(bytes(text))) {
        const read = readByUs(pieces)
        assert.equal(read.refusal, null)
        assert.equal(read.answer?.body, body)
        assert.equal(read.isClean, isClean)
      }
    })
  }

  // biome-ignore format: a table reads best as a table
  const refused: readonly (readonly [string, string])[] = [
    ['another protocol',                'SSH-2.0-OpenSSH_9.2\r\n'],
    ['HTTP/2.0',                        'HTTP/2.0 200 OK\r\n\r\n'],
    ['HTTP/1.2',                        'HTTP/1.2 200 OK\r\n\r\n'],
    ['a status below 100',              'HTTP/1.1 099 No\r\n\r\n'],
    ['a status of four digits',         'HTTP/1.1 2000 OK\r\n\r\n'],
    ['two blanks before the status',    'HTTP/1.1  200 OK\r\n\r\n'],
    ['a control character in the reason', 'HTTP/1.1 200 O\x01K\r\n\r\n'],
    ['an upgrade unasked',              'HTTP/1.1 101 Up\r\nUpgrade: x\r\n\r\n'],
    ['lines that end with LF',          'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['a bare CR in a value',            `${ok}A: b\rc\r\n\r\n`],
    ['a bare LF in a value',            `${ok}A: b\nContent-Length: 0\r\n\r\n`],
    ['a folded line',                   `${ok}A: b\r\n c\r\n\r\n`],
    ['a folded first line',             `${ok} A: b\r\n\r\n`],
    ['a blank before the colon',        `${ok}Content-Length : 0\r\n\r\n`],
    ['a line without a colon',          `${ok}Content-Length\r\n\r\n`],
    ['a line without a name',           `${ok}: b\r\n\r\n`],
    ['a control character in a value',  `${ok}A: b\x01\r\n\r\n`],
    ['a DEL in a value',                `${ok}A: b\x7f\r\n\r\n`],
    ['a NUL in a name',                 `${ok}A\0: b\r\n\r\n`],
    ['a length and chunks',             `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths',                     `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`],
    ['a list of lengths',               `${ok}Content-Length: 1, 1\r\n\r\nx`],
    ['a signed length',                 `${ok}Content-Length: +1\r\n\r\nx`],
    ['a hexadecimal length',            `${ok}Content-Length: 0x1\r\n\r\nx`],
    ['a length beyond 2^53',            `${ok}Content-Length: 18446744073709551617\r\n\r\nx`],
    ['an empty length',                 `${ok}Content-Length:\r\n\r\nx`],
    ['a tab after a transfer coding',   `${ok}Transfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n`],
    ['a tab before a length',           `${ok}Content-Length:\t1\r\n\r\na`],
    ['another transfer coding',         `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['a transfer coding in two lines',  `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a transfer coding of HTTP/1.0',   'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a chunk without a size',          `${chunked}\r\n`],
    ['a chunk size that is no number',  `${chunked}xyz\r\n`],
    ['a chunk size with a prefix',      `${chunked}0x3\r\nabc\r\n`],
    ['a negative chunk size',           `${chunked}-1\r\n`],
    ['a chunk size that overflows',     `${chunked}10000000000000000\r\n`],
    ['a chunk size ended by LF',        `${chunked}3\nabc\r\n`],
    ['a chunk longer than its size',    `${chunked}3\r\nabcd\r\n`],
    ['a chunk ended by LF',             `${chunked}3\r\nabc\n`],
    ['an endless chunk extension',      `${chunked}3;${'x'.repeat(5_000)}`],
    ['a trailer that is none',          `${chunked}0\r\nnone\r\n\r\n`],
    ['a head without end',              `${ok}A: ${'a'.repeat(70_000)}`],
    ['a thousand lines and more',       `${ok}${'A: b\r\n'.repeat(1_001)}\r\n`],
    ['endless trailers',                `${chunked}0\r\n${'A: b\r\n'.repeat(12_000)}`],
    ['endless interim answers',         'HTTP/1.1 103 Early\r\n\r\n'.repeat(257)],
  ]
  for (const [title, text] of refused) {
    it(`refuses ${title}`, () => {
      for (const pieces of text.length > 200 ? [[bytes(text)]] : cuts(bytes(text))) {
        assert.equal(typeof readByUs(pieces).refusal, 'string')
      }
    })
  }

  it('knows no answer that is not all there', () => {
    const whole = bytes(`${chunked}3\r\nabc\r\n0\r\nX: 1\r\n\r\n`)
    for (let length = 0; length < whole.length; length++) {
      assert.deepEqual(readByUs([whole.subarray(0, length)]), {
        answer: null,
        refusal: null,
        isClean: false,
      })
    }
  })

  it('gives bodies as parts of the bytes that came', () => {
    const { answer } = readByUs([bytes(`${ok}Content-Length: 4\r\n\r\nab`), bytes('cd')])
    assert.equal(answer?.body, 'abcd')
  })

  it('reads what is well-formed as Node does, cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(wellFormed, async ({ method, bytes: message }) => {
        const theirs = await readByNode(message, method)
        assert.deepEqual(readByUs([message], method).answer, theirs)
        for (const pieces of cuts(message)) {
          assert.deepEqual(readByUs(pieces, method).answer, theirs)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('never reads what is spoiled otherwise than Node', async () => {
    await fc.assert(
      fc.asyncProperty(spoiled, async ({ method, bytes: message }) => {
        const { answer } = readByUs([message], method)
        const theirs = await readByNode(message, method)
        if (answer !== null && theirs !== null) assert.deepEqual(answer, theirs)
      }),
      { numRuns: 500 },
    )
  })
})

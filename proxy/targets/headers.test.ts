import assert from 'node:assert/strict'
import { answerLines, requestLines } from './headers.ts'

describe('requestLines', () => {
  it('keeps case, order, duplicates and bytes of what travels on', () => {
    const lines = [
      'X-B',
      '1',
      'x-a',
      'caf\u00e9',
      'Cookie',
      'a=1',
      'Cookie',
      'b=2',
      'constructor',
      'c',
    ]
    assert.deepEqual(requestLines(lines), lines)
  })

  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      'drops the lines of one connection',
      [
        'Connection',
        'keep-alive',
        'Keep-Alive',
        'timeout=5',
        'Proxy-Connection',
        'close',
        'Transfer-Encoding',
        'chunked',
        'Upgrade',
        'h2c',
        'HTTP2-Settings',
        'AAMAAABk',
        'A',
        '1',
      ],
      ['A', '1'],
    ],
    [
      'drops what a Connection line names',
      [
        'Connection',
        'close, X-Private',
        'x-private',
        '1',
        'connection',
        'Other',
        'OTHER',
        '2',
        'A',
        '1',
      ],
      ['A', '1'],
    ],
    [
      'lets no Connection line take away what a client must not delete',
      [
        'Connection',
        'Cookie, Authorization, Host, X-Forwarded-Port, traceparent',
        'Host',
        'h',
        'Cookie',
        'a',
        'Authorization',
        'b',
        'X-Forwarded-Port',
        '1',
        'traceparent',
        't',
      ],
      [
        'Host',
        'h',
        'Cookie',
        'a',
        'Authorization',
        'b',
        'X-Forwarded-Port',
        '1',
        'traceparent',
        't',
      ],
    ],
    [
      'asks for trailers, and for nothing else of TE',
      ['TE', 'gzip;q=0.5, Trailers', 'Connection', 'TE'],
      ['TE', 'trailers'],
    ],
    ['drops a TE without trailers', ['TE', 'gzip, xtrailers'], []],
    [
      'leaves framing to the sender',
      ['Content-Length', '3', 'Trailer', 'X-Sum', 'Expect', '100-continue'],
      [],
    ],
  ]
  for (const [title, lines, kept] of cases) {
    it(title, () => assert.deepEqual(requestLines(lines), kept))
  }

  it('leaves out what the caller writes itself', () => {
    assert.deepEqual(
      requestLines(['Via', '1.1 a', 'B', 'c'], (name) => name === 'via'),
      ['B', 'c'],
    )
  })
})

describe('answerLines', () => {
  const cases: readonly (readonly [string, number, readonly string[], readonly string[]])[] = [
    [
      'keeps framing that clients see',
      200,
      ['Content-Length', '3', 'Set-Cookie', 'a', 'Set-Cookie', 'b'],
      ['Content-Length', '3', 'Set-Cookie', 'a', 'Set-Cookie', 'b'],
    ],
    [
      'drops the lines of one connection',
      200,
      [
        'Connection',
        'close, X-Hop',
        'X-Hop',
        '1',
        'Keep-Alive',
        'timeout=5',
        'Proxy-Authenticate',
        'Basic',
        'Server',
        's',
      ],
      ['Server', 's'],
    ],
    [
      'keeps the Upgrade that a 426 is about',
      426,
      ['Connection', 'Upgrade', 'Upgrade', 'TLS/1.2'],
      ['Upgrade', 'TLS/1.2'],
    ],
    ['drops any other Upgrade', 200, ['Upgrade', 'h2', 'Connection', 'Upgrade'], []],
    [
      'announces trailers of a chunked body',
      200,
      ['Trailer', 'X-Sum', 'Transfer-Encoding', 'chunked'],
      ['Trailer', 'X-Sum'],
    ],
    [
      'announces none of a body that has a length',
      200,
      ['A', '1', 'Trailer', 'X-Sum', 'Content-Length', '3'],
      ['A', '1', 'Content-Length', '3'],
    ],
  ]
  for (const [title, status, lines, kept] of cases) {
    it(title, () => assert.deepEqual(answerLines(lines, status), kept))
  }
})

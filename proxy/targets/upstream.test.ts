import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createLabUpstream, type LabUpstream } from '../../contract-tests/lab/lab-upstream.ts'
import { chunk, createOrigin, type OriginScript, reply } from '../../contract-tests/lab/origin.ts'
import type { UpstreamChanges } from '../../contract-tests/lab/upstream-config.ts'
import { wholeBody } from './body.ts'
import { createOutlook, createPump, createTap, drink, inbound } from './conformance/exchange.ts'
import { rawHeader } from './raw-header.ts'
import type { InboundRequest, TargetResponse } from './send.ts'

describe('createUpstream', () => {
  let lab: LabUpstream
  const open = async (script: OriginScript, changes?: UpstreamChanges): Promise<void> => {
    lab = await createLabUpstream(script, changes)
  }
  const ask = (about: Partial<InboundRequest> = {}): Promise<TargetResponse> =>
    lab.send(inbound(about), createOutlook())
  afterEach(() => lab.close())

  it('sends the request as it came, and tells of the way', async () => {
    await open(() => reply('200 OK'))
    await ask({
      url: '//a/../b;c?d=%zz&&e=\\|{}"^`',
      headers: [
        'Host',
        'Things.example',
        'X-A',
        'caf\u00e9',
        'x-a',
        '2',
        'Connection',
        'keep-alive',
      ],
    })
    const { head } = await lab.origin.next()
    assert.deepEqual(head.split('\r\n').slice(0, 8), [
      'GET //a/../b;c?d=%zz&&e=\\|{}"^` HTTP/1.1',
      'Host: Things.example',
      'X-A: caf\u00e9',
      'x-a: 2',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: things.example',
      'X-Request-Id: request-1',
    ])
  })

  for (const [host, seen] of [
    ['preserve', 'things.example'],
    ['target', null],
    [{ literal: 'legacy.internal' }, 'legacy.internal'],
  ] as const) {
    it(`sends the Host that the config asks for (${JSON.stringify(host)})`, async () => {
      await open(() => reply('200 OK'), { host })
      await ask()
      const { lines } = await lab.origin.next()
      assert.equal(rawHeader(lines, 'host'), seen ?? new URL(lab.origin.url).host)
    })
  }

  const block = Buffer.alloc(65_536, 'x')
  for (const [title, body, framing] of [
    ['a length where it is known', createPump(block, 3).body, 'Content-Length: 196608'],
    ['chunks where it is not', createPump(block, 3, false).body, 'Transfer-Encoding: chunked'],
    [
      'the length of what is all here',
      wholeBody(Buffer.alloc(196_608, 'x')),
      'Content-Length: 196608',
    ],
  ] as const) {
    it(`frames an upload of any method with ${title}`, async () => {
      await open(async (request) => {
        await request.body
        return reply('200 OK')
      })
      await ask({ method: 'DELETE', body, headers: ['Host', 'a', 'Content-Length', '196608'] })
      const request = await lab.origin.next()
      assert.equal(request.head.match(/content-length|transfer-encoding/gi)?.length, 1)
      assert.ok(request.head.includes(framing), request.head)
      assert.equal((await request.body)?.equals(Buffer.alloc(196_608, 'x')), true)
    })
  }

  for (const [wire, reason] of [
    ['200 Very  well', 'Very  well'],
    ['200 ', ''],
    ['200 D\u00c3\u00a9j\u00c3\u00a0', 'D\u00c3\u00a9j\u00c3\u00a0'],
    ['200 D\u00e9j\u00e0', 'D\u00e9j\u00e0'],
  ] as const) {
    it(`gives the bytes of the reason ${JSON.stringify(wire)}`, async () => {
      await open(() => reply(wire))
      assert.equal((await ask()).reason, reason)
    })
  }

  for (const status of ['204 No Content', '304 Not Modified']) {
    it(`takes a ${status} that announces a body for complete`, async () => {
      await open(() => reply(status, ['Content-Length: 99', 'ETag: "x"']))
      const answer = await ask()
      assert.deepEqual(answer.headers, ['Content-Length', '99', 'ETag', '"x"'])
      assert.equal((await drink(answer.body)).length, 0)
      assert.deepEqual(lab.failures, [])
    })
  }

  it('keeps the connection after HEAD', async () => {
    await open(() => reply('200 OK', ['Content-Length: 1234']))
    for (let time = 0; time < 6; time++) {
      const answer = await ask({ method: 'HEAD' })
      assert.equal(rawHeader(answer.headers, 'content-length'), '1234')
      assert.equal((await drink(answer.body)).length, 0)
    }
    assert.equal(lab.origin.accepted(), 1)
  })

  it('passes interim answers and trailers on, without what is of the hop', async () => {
    await open(
      () =>
        'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nKeep-Alive: timeout=5\r\n\r\n' +
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n' +
        `${chunk('hello')}0\r\nX-Sum: 1\r\nConnection: x\r\n\r\n`,
    )
    const outlook = createOutlook()
    const answer = await lab.send(inbound(), outlook)
    const tap = createTap()
    answer.body.flow(tap)
    await tap.over
    assert.deepEqual(outlook.interim, [[103, ['Link', '</a>']]])
    assert.deepEqual(answer.headers, ['Trailer', 'X-Sum'])
    assert.deepEqual(tap.trailers, ['X-Sum', '1'])
  })

  it('gives a small answer whole, however it is framed', async () => {
    await open(({ line }) =>
      line.startsWith('GET /chunked')
        ? `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('a')}${chunk('b')}0\r\n\r\n`
        : reply('200 OK', [], 'ab'),
    )
    for (const url of ['/chunked', '/']) assert.equal(String((await ask({ url })).body.whole), 'ab')
  })

  it('takes the addresses of an upstream in turn', async () => {
    const other = await createOrigin(() => reply('200 OK'))
    await open(() => reply('200 OK'), { more: [other.url] })
    for (let time = 0; time < 4; time++) await ask()
    assert.deepEqual([lab.origin.requests.length, other.requests.length], [2, 2])
    await lab.upstream.close()
    await other.close()
  })
})

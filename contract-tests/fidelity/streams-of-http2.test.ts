import assert from 'node:assert/strict'
import { plainConfig, plainListen, plainUpstream } from '../../proxy/edge/plain-config.ts'
import { type SelfSigned, writeSelfSigned } from '../../proxy/edge/self-signed.ts'
import { type ProxyLab, startProxy } from '../../proxy/proxy-lab.ts'
import { createOrigin, type LabOrigin, type OriginScript, reply } from '../lab/origin.ts'
import { streamAnswers } from './stream-answers.ts'
import { streamRequests } from './stream-requests.ts'
import type { StreamRow } from './stream-row.ts'
import { type StreamTalk, streamTalk } from './stream-talk.ts'

describe('Banyan, as a client of HTTP/2 sees it', () => {
  const tls: SelfSigned = writeSelfSigned()
  const plain: OriginScript = async ({ body }) => {
    await body
    return reply('200 OK')
  }
  let script = plain
  let origin: LabOrigin
  let proxy: ProxyLab
  let talk: StreamTalk
  before(async () => {
    origin = await createOrigin((heard) => script(heard))
    const { routes } = plainConfig({ upstreams: {} })
    proxy = await startProxy({
      upstreams: { php: plainUpstream([origin.url]) },
      routes,
      listen: plainListen({ tls: { cert: tls.cert, key: tls.key } }),
    })
  })
  after(async () => {
    await proxy.close()
    await origin.close()
  })
  beforeEach(() => {
    talk = streamTalk(proxy.url, tls.pem)
  })
  afterEach(() => {
    script = plain
    talk.session.destroy()
  })

  const check = async (row: StreamRow): Promise<void> => {
    script = row.origin ?? plain
    const before = origin.requests.length
    const stream = talk.open(row.ask ?? { ':path': '/' }, row.body === undefined)
    if (row.body !== undefined) stream.end(row.body)
    const answer = await talk.read(stream)
    row.answered?.(answer)
    if (row.heard === undefined) return
    const heard = origin.requests[before]
    assert.ok(heard, `the origin hears of it: ${JSON.stringify(answer)}`)
    await row.heard(heard)
  }
  for (const row of [...streamRequests, ...streamAnswers])
    it(`${row.id}: ${row.says}`, () => check(row))

  it('early-413: passes an answer on that comes before the upload is over', async () => {
    script = () => reply('413 Too Large')
    const stream = talk.open({ ':method': 'POST', ':path': '/' }, false)
    stream.write('some')
    const { status, code } = await talk.read(stream)
    assert.deepEqual([status, code], [413, 0])
  })

  it('abort-upload: hangs up on the upstream when the client leaves amid its upload', async () => {
    script = () => undefined
    const before = origin.requests.length
    const stream = talk.open({ ':method': 'POST', ':path': '/' }, false)
    stream.write('some')
    while (origin.requests.length === before) await new Promise(setImmediate)
    talk.session.destroy()
    await origin.quiet()
  })
})

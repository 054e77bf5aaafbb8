import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createOrigin, type LabOrigin, type OriginScript } from '../../contract-tests/lab/origin.ts'
import { accepted, createFront, type Front, hear } from '../../contract-tests/lab/tunnel-front.ts'
import type { UpstreamChanges } from '../../contract-tests/lab/upstream-config.ts'
import type { TunnelObservation } from './tunnel-join.ts'

const goingAway = '\x88\x02\x03\xe9'
const accept: OriginScript = () => accepted

describe('a tunnel that is ended from here', () => {
  let origin: LabOrigin
  let front: Front
  const open = async (script: OriginScript, timeouts: UpstreamChanges['timeouts'] = {}) => {
    origin = await createOrigin(script)
    front = await createFront(origin.url, { timeouts })
    return front.knock()
  }
  const joined = async (client: Socket): Promise<Socket> => {
    const request = await origin.next()
    await once(client, 'data')
    return request.socket
  }
  const seen = async (): Promise<TunnelObservation> => front.seen[0] as Promise<TunnelObservation>
  afterEach(async () => {
    await front.close()
    await origin.close()
  })

  it('says Close to both sides when it carries nothing for its limit', async () => {
    const client = await open(accept, { tunnelIdleMs: 80 })
    const upstream = await joined(client)
    const [heard, told] = await Promise.all([hear(client), hear(upstream)])
    assert.deepEqual([heard, told], [goingAway, '\x88\x82\0\0\0\0\x03\xe9'])
    assert.deepEqual([(await seen()).ending, front.tunnel.inFlight], ['idle', 0])
  })

  for (const speaker of ['client', 'upstream'] as const) {
    it(`stays while the ${speaker} alone says something`, async () => {
      const client = await open(accept, { tunnelIdleMs: 300 })
      const upstream = await joined(client)
      const [from, to] = speaker === 'client' ? [client, upstream] : [upstream, client]
      for (let times = 0; times < 12; times++) {
        from.write(Buffer.from([0x82, 0]))
        await once(to, 'data')
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      assert.equal(front.tunnel.inFlight, 1)
    }).timeout(10_000)
  }

  it('waits no longer than for a body once one side has ended', async () => {
    const client = await open(
      ({ socket }) => {
        socket.removeAllListeners('end')
        return accepted
      },
      { idleMs: 80 },
    )
    await joined(client)
    client.end()
    await hear(client)
    assert.equal((await seen()).ending, 'client')
  })

  it('cuts a refusal that stops amid its body', async () => {
    const client = await open(() => 'HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\nhalf', {
      idleMs: 80,
    })
    assert.match(await hear(client), /half$/)
    const { ending, failure, body } = await seen()
    assert.deepEqual(
      [ending, failure?.code, body.complete],
      ['refused', 'http_response_incomplete', false],
    )
    await origin.quiet()
  })

  for (const [title, said, ending] of [
    ['amid a frame', Buffer.from([0x82, 5, 1]), 'drain'],
    ['after one', Buffer.from([0x88, 0]), 'upstream'],
  ] as const) {
    it(`says no Close ${title}`, async () => {
      const client = await open(accept)
      const upstream = await joined(client)
      upstream.write(said)
      await once(client, 'data')
      front.tunnel.close()
      assert.equal(await hear(client), '')
      assert.equal((await seen()).ending, ending)
      await origin.quiet()
    })
  }

  it('lets go of sides that neither read nor end', async () => {
    const client = await open(({ socket }) => {
      socket.removeAllListeners('end')
      socket.write(accepted)
      for (let block = 0; block < 200; block++) socket.write(Buffer.alloc(65_536, 1))
    })
    await joined(client)
    client.pause()
    assert.equal(front.tunnel.close(), 1)
    assert.equal((await seen()).ending, 'drain')
    assert.equal(front.tunnel.inFlight, 0)
    client.destroy()
  })

  it('tells of one answer or one failure', async () => {
    const client = await open(accept)
    await joined(client)
    client.destroy()
    await seen()
    assert.deepEqual(front.heard, [101])
    await origin.close()
    await hear(front.knock())
    assert.deepEqual(front.heard, [101, 'connection_refused'])
    origin = await createOrigin(() => undefined)
    await front.close()
    front = await createFront(origin.url)
    const leaving = front.knock()
    await origin.next()
    leaving.resetAndDestroy()
    assert.equal((await seen()).ending, 'client')
    assert.deepEqual(front.heard, ['client_gone'])
  })
})

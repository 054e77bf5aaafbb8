import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import fc from 'fast-check'
import { startEdge } from '../../proxy/edge/edge-lab.ts'
import { createUpstream } from '../../proxy/targets/upstream.ts'
import { scaled } from '../lab/long-share.ts'
import { upstreamConfig } from '../lab/upstream-config.ts'
import { saying } from './request-grammar.ts'
import { readStrictly, type StrictRequest } from './strict-reader.ts'

/** What one connection of an origin brought, and what Node's parser made of it. */
interface Line {
  text: string
  readonly understood: StrictRequest[]
}

interface NodeOrigin {
  readonly server: Server
  readonly url: string
  /** Every connection since the last call. */
  collect(): Line[]
}

const createNodeOrigin = async (): Promise<NodeOrigin> => {
  const lines = new Map<object, Line>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (bytes: Buffer) => chunks.push(bytes))
    request.on('error', () => {})
    request.on('end', () => {
      const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`
      const body = Buffer.concat(chunks).toString('latin1')
      lines.get(request.socket)?.understood.push({ line, body })
      response.end('ok')
    })
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  server.on('connection', (socket) => {
    const line: Line = { text: '', understood: [] }
    lines.set(socket, line)
    socket.on('data', (bytes: Buffer) => {
      line.text += bytes.toString('latin1')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    collect() {
      const all = [...lines.values()]
      lines.clear()
      return all
    },
  }
}

/** Says bytes, and leaves once nothing more is said. */
const say = (port: number, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    socket.setTimeout(40, () => socket.destroy())
    socket.once('close', () => resolve())
    socket.write(bytes)
  })

/** Requests that an origin got whole: what both readers must agree on. */
const judge = ({ text, understood }: Line): number => {
  const { requests, hazard } = readStrictly(text)
  assert.equal(hazard, null, `${hazard} in ${JSON.stringify(text)}`)
  assert.deepEqual(understood, requests.slice(0, understood.length), JSON.stringify(text))
  assert.ok(requests.length - understood.length <= 1, JSON.stringify(text))
  return requests.length
}

/** Says a batch of odd things through Banyan; returns how many requests came through. */
const tell = async (origin: NodeOrigin, seed: number): Promise<number> => {
  const upstream = createUpstream(upstreamConfig(origin.url), {
    pseudonym: 'banyan-test',
    now: () => performance.now(),
  })
  const edge = await startEdge({ send: upstream.send('legacy'), replaysUpgrades: true })
  const sayings = fc.sample(saying, { numRuns: 500, seed })
  let next = 0
  const talk = async (): Promise<void> => {
    for (let bytes = sayings[next++]; bytes !== undefined; bytes = sayings[next++]) {
      await say(edge.port, bytes)
    }
  }
  await Promise.all(Array.from({ length: 16 }, talk))
  await upstream.close(0)
  await edge.close()
  return origin.collect().reduce((sum, line) => sum + judge(line), 0)
}

describe('Banyan, told 100 000 odd things', () => {
  let origin: NodeOrigin
  before(async () => {
    origin = await createNodeOrigin()
  })
  after(() => {
    origin.server.closeAllConnections()
    origin.server.close()
  })

  it('passes nothing on that two origins could read differently', async () => {
    let passed = 0
    const batches = scaled(200)
    for (let batch = 0; batch < batches; batch++) passed += await tell(origin, batch)
    assert.ok(passed > 75 * batches, `${passed} requests passed on`)
  }).timeout(1_800_000)
})

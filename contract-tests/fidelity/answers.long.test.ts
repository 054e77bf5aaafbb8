import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { performance } from 'node:perf_hooks'
import fc from 'fast-check'
import { startEdge } from '../../proxy/edge/edge-lab.ts'
import { readByNode, readByUs } from '../../proxy/targets/http1/parser-lab.ts'
import { type Drawn, spoiled } from '../../proxy/targets/http1/response-grammar.ts'
import { createUpstream } from '../../proxy/targets/upstream.ts'
import { scaled } from '../lab/long-share.ts'
import { upstreamConfig } from '../lab/upstream-config.ts'
import { askOnce, talkTo } from './talk.ts'

/** An origin that answers `/N` with the bytes of the answer N, then ends the connection. */
const createSayings = async (drawn: () => readonly Drawn[]): Promise<Server> => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (head) => {
      const [, number] = /^\w+ \/(\d+) /.exec(head.toString('latin1')) ?? []
      socket.end(drawn()[Number(number)]?.bytes ?? '')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const valuesOf = (head: string, name: string): number =>
  head.split('\r\n').filter((line) => line.toLowerCase().startsWith(`${name}:`)).length

/** What two clients could understand differently of the last answer; null: nothing. */
const hazardOf = (text: string): string | null => {
  const start = text.search(/HTTP\/1\.1 [2-9]\d\d/)
  const head = text.slice(start).split('\r\n\r\n')[0] ?? ''
  const framings = valuesOf(head, 'content-length') + valuesOf(head, 'transfer-encoding')
  if (framings > 1) return 'two framings'
  if (/\r(?!\n)|(?<!\r)\n|\0|\r\n[ \t]/.test(head)) return 'a line that is none'
  return null
}

/** An answer that came whole, as Node and the strict parser read it: alike. */
const judge = async (text: string, method: 'GET' | 'HEAD'): Promise<boolean> => {
  // Cut off before a head: no client can take that for an answer.
  if (!/HTTP\/1\.1 [2-9]\d\d/.test(text) || text.includes('<reset>')) return false
  assert.equal(hazardOf(text), null, JSON.stringify(text))
  const bytes = Buffer.from(text, 'latin1')
  const theirs = await readByNode(bytes, method)
  const { answer } = readByUs([bytes], method)
  // Cut off, which both must see; or whole, and then the same.
  assert.deepEqual(answer, theirs, JSON.stringify(text))
  return answer !== null
}

describe('Banyan, answered 100 000 odd things', () => {
  let drawn: readonly Drawn[] = []
  let origin: Server
  before(async () => {
    origin = await createSayings(() => drawn)
  })
  after(() => void origin.close())

  /** Asks for a batch of answers; returns how many came through whole. */
  const askFor = async (seed: number): Promise<number> => {
    drawn = fc.sample(spoiled, { numRuns: 500, seed })
    const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`
    const config = upstreamConfig(url, { timeouts: { firstByteMs: 2_000, idleMs: 2_000 } })
    const upstream = createUpstream(config, {
      pseudonym: 'banyan-test',
      now: () => performance.now(),
    })
    const edge = await startEdge({ send: upstream.send('legacy') })
    const queue = drawn.entries()
    let whole = 0
    const talk = async (): Promise<void> => {
      for (const [at, { method }] of queue) {
        const { say, closed } = talkTo(edge.port)
        say(askOnce(`${method} /${at}`))
        if (await judge(await closed, method)) whole += 1
      }
    }
    await Promise.all(Array.from({ length: 16 }, talk))
    await upstream.close(0)
    await edge.close()
    return whole
  }

  it('passes nothing on that two clients could read differently', async () => {
    let whole = 0
    const batches = scaled(200)
    for (let batch = 0; batch < batches; batch++) whole += await askFor(batch)
    assert.ok(whole > 250 * batches, `${whole} answers came through whole`)
  }).timeout(1_800_000)
})

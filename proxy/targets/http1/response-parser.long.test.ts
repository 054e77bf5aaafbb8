import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import fc from 'fast-check'
import { Client } from 'undici'
import { scaled } from '../../../contract-tests/lab/long-share.ts'
import { cuts, readByNode, readByUs } from './parser-lab.ts'
import { type Drawn, spoiled, wellFormed } from './response-grammar.ts'

/** An origin that answers `/N` with the bytes of the answer N, then ends the connection. */
const createSayings = async (drawn: readonly Drawn[]): Promise<{ port: number; close(): void }> => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (head) => {
      const [, number] = /^\w+ \/(\d+) /.exec(head.toString('latin1')) ?? []
      socket.end(drawn[Number(number)]?.bytes ?? '')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

describe('createResponseParser, for long', () => {
  it('reads what is well-formed as Node does, cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(wellFormed, async ({ method, bytes }) => {
        const theirs = await readByNode(bytes, method)
        for (const pieces of cuts(bytes)) {
          assert.deepEqual(readByUs(pieces, method).answer, theirs)
        }
      }),
      { numRuns: scaled(3_000) },
    )
  })

  it('never reads what is spoiled otherwise than Node', async () => {
    await fc.assert(
      fc.asyncProperty(spoiled, async ({ method, bytes }) => {
        const { answer } = readByUs([bytes], method)
        const theirs = await readByNode(bytes, method)
        if (answer !== null && theirs !== null) assert.deepEqual(answer, theirs)
      }),
      { numRuns: scaled(100_000) },
    )
  })

  it('reads the bodies that undici reads', async () => {
    const drawn = fc.sample(wellFormed, 2_000)
    const origin = await createSayings(drawn)
    let compared = 0
    for (const [at, { method, bytes }] of drawn.entries()) {
      const client = new Client(`http://127.0.0.1:${origin.port}`)
      try {
        const { statusCode, body } = await client.request({ method, path: `/${at}` })
        const text = Buffer.from(await body.arrayBuffer()).toString('latin1')
        const { answer } = readByUs([bytes], method)
        assert.deepEqual([answer?.status, answer?.body], [statusCode, text])
        compared += 1
      } catch (error) {
        // undici takes no `100 Continue` that it has not asked for, and no body-less length.
        if (error instanceof assert.AssertionError) throw error
      } finally {
        await client.destroy()
      }
    }
    origin.close()
    assert.ok(compared > drawn.length / 3, `${compared} compared`)
  })
})

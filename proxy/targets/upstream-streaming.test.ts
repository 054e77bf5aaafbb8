import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import { createLabUpstream, type LabUpstream } from '../../contract-tests/lab/lab-upstream.ts'
import { type OriginScript, reply } from '../../contract-tests/lab/origin.ts'
import {
  createOutlook,
  createPump,
  createTap,
  inbound,
  standsStill,
} from './conformance/exchange.ts'
import { failure } from './failure.ts'
import type { Sink } from './send.ts'

const block = Buffer.alloc(65_536, 'x')
const times = 1_024
const size = block.length * times
/** What the kernel's buffers, Node's and ours may hold of one body between them. */
const heldBytes = 24 * 1_048_576

/** Writes 64 MiB, no faster than the socket takes them. `written` counts. */
const download = (): { script: OriginScript; written: () => number } => {
  let written = 0
  const pour = (socket: Socket): void => {
    const more = (): void => {
      do written += block.length
      while (socket.write(block) && written < size)
    }
    socket.on('drain', () => {
      if (written < size) more()
    })
    more()
  }
  return {
    written: () => written,
    script: ({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
      pour(socket)
      return undefined
    },
  }
}

/** A sink that only counts. */
const createCounter = (): Sink & { count: number; readonly over: Promise<string> } => {
  let settle: (how: string) => void = () => {}
  return {
    count: 0,
    over: new Promise((resolve) => {
      settle = resolve
    }),
    write(chunk) {
      this.count += chunk.length
      return true
    },
    end: () => settle('ended'),
    fail: (why) => settle(why.code),
  }
}

describe('createUpstream, with big bodies', () => {
  let lab: LabUpstream
  afterEach(() => lab.close())

  it('streams 64 MiB down', async () => {
    lab = await createLabUpstream(download().script)
    const { body } = await lab.send(inbound(), createOutlook())
    const counter = createCounter()
    body.flow(counter)
    assert.equal(await counter.over, 'ended')
    assert.equal(counter.count, size)
  })

  for (const declared of [true, false]) {
    it(`streams 64 MiB up, of ${declared ? 'known' : 'unknown'} length`, async () => {
      lab = await createLabUpstream(async (request) => {
        await request.body
        return reply('200 OK', [], String(request.received()))
      })
      const { body } = createPump(block, times, declared)
      const answer = await lab.send(inbound({ method: 'PUT', body }), createOutlook())
      assert.equal(String(answer.body.whole), String(size))
    })
  }

  it('makes the origin wait for a client that does not read', async () => {
    const { script, written } = download()
    lab = await createLabUpstream(script)
    const { body } = await lab.send(inbound(), createOutlook())
    const tap = createTap()
    tap.ready = false
    const flow = body.flow(tap)
    await standsStill(written)
    assert.ok(written() < heldBytes, `${written()} bytes left the origin`)
    assert.ok(tap.size() < 1_048_576, `${tap.size()} bytes in spite of the pause`)
    tap.ready = true
    flow.resume()
    await tap.over
    assert.equal(tap.size(), size)
  })

  it('makes the client wait for an origin that does not read', async () => {
    lab = await createLabUpstream(async (request) => {
      request.socket.pause()
      await request.body
      return reply('200 OK')
    })
    const pump = createPump(block, times)
    const answer = lab.send(inbound({ method: 'PUT', body: pump.body }), createOutlook())
    const request = await lab.origin.next()
    await standsStill(pump.sent)
    assert.ok(pump.sent() * block.length < heldBytes, `${pump.sent()} blocks left the client`)
    request.socket.resume()
    assert.equal((await answer).status, 200)
  })

  it('hangs up on an origin whose client has left midway', async () => {
    lab = await createLabUpstream(download().script)
    const outlook = createOutlook()
    const { body } = await lab.send(inbound(), outlook)
    const tap = createTap()
    body.flow(tap)
    await tap.begun
    outlook.abort(failure('client_gone', 'client', 'unknown'))
    await lab.origin.quiet()
    assert.equal(tap.failure?.code, 'client_gone')
    assert.deepEqual([lab.failures, lab.upstream.inFlight], [[], 0])
  })

  it('hangs up on an origin whose client has left amid an upload', async () => {
    lab = await createLabUpstream(() => undefined)
    const pump = createPump(block, times)
    const outlook = createOutlook()
    const attempt = lab.send(inbound({ method: 'PUT', body: pump.body }), outlook)
    const request = await lab.origin.next()
    outlook.abort(failure('client_gone', 'client', 'unknown'))
    await assert.rejects(attempt)
    await lab.origin.quiet()
    assert.equal(await request.body, null)
    assert.equal(pump.cancelled(), true)
  })

  it('lets go of the upload when an answer comes before its end', async () => {
    lab = await createLabUpstream(() =>
      reply('413 Content Too Large', ['Connection: close', 'Content-Length: 0']),
    )
    const pump = createPump(block, times)
    const answer = await lab.send(inbound({ method: 'PUT', body: pump.body }), createOutlook())
    assert.equal(answer.status, 413)
    await lab.origin.quiet()
    assert.equal(pump.cancelled(), true)
    assert.deepEqual([lab.failures, lab.upstream.inFlight], [[], 0])
  })
})

/** Answers that never end, and answers that are long in coming. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import type { UpstreamConfig } from '../../proxy/config/config.ts'
import { plainListen, plainUpstream } from '../../proxy/edge/plain-config.ts'
import { type ProxyLab, startProxy } from '../../proxy/proxy-lab.ts'
import { plainRoute } from '../../proxy/routing/plain-route.ts'
import { chunk, createOrigin, type LabOrigin, type OriginScript, reply } from '../lab/origin.ts'
import { ask, askOnce, bodyOf, statusOf, type Talk, talkTo } from './talk.ts'

/** Every limit is shorter than what the streams below take. */
const timeouts = { connectMs: 1_000, firstByteMs: 400, idleMs: 120, totalMs: 400 }

/** Opens a stream at `/events` and `/bytes`; says the next piece of it whenever `/next` is asked. */
const createScript = (): OriginScript => {
  let stream: Socket | null = null
  let count = 0
  return async ({ line, socket }) => {
    if (line.includes('/poll')) {
      await pass(2 * timeouts.idleMs)
      return reply('200 OK', [], 'late')
    }
    if (line.includes('/next')) {
      stream?.write(chunk(`data: ${++count}\n\n`))
      return reply('200 OK')
    }
    const type = line.includes('/events') ? 'text/event-stream' : 'application/octet-stream'
    stream = socket
    return `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`
  }
}

/** The same as a handler. */
const handlers = `
let stream = null
let count = 0
const types = { '/events': 'text/event-stream', '/bytes': 'application/octet-stream' }
export const createApp = () => ({
  app: {
    callback: () => (request, response) => {
      if (request.url === '/poll') return void setTimeout(() => response.end('late'), ${2 * timeouts.idleMs})
      if (request.url === '/next') {
        stream.write('data: ' + ++count + '\\n\\n')
        return response.end()
      }
      stream = response
      response.setHeader('Content-Type', types[request.url])
      response.flushHeaders()
    },
    on() {},
    middleware: [],
  },
  close: async () => {},
})`

type Kind = NonNullable<UpstreamConfig['wire']> | 'handlers'

for (const kind of ['own', 'undici', 'handlers'] as const satisfies readonly Kind[]) {
  describe(`streams, of ${kind === 'handlers' ? 'a handler' : `an upstream over ${kind}`}`, () => {
    let directory: string
    let origin: LabOrigin
    let lab: ProxyLab
    let talks: Talk[]
    beforeEach(async () => {
      talks = []
      directory = await mkdtemp(join(tmpdir(), 'banyan-streams-'))
      const module = join(directory, 'app.mjs')
      await writeFile(module, handlers)
      origin = await createOrigin(createScript())
      const isHandled = kind === 'handlers'
      const wire = isHandled ? {} : { wire: kind }
      const stage = isHandled ? 'modern' : 'legacy'
      lab = await startProxy({
        listen: plainListen({ drain: { delayMs: 0, graceMs: 200 } }),
        handlers: {
          module: isHandled ? module : null,
          timeoutMs: timeouts.firstByteMs,
          concurrency: 8,
          databaseUrl: null,
        },
        upstreams: { php: plainUpstream([origin.url], { timeouts, ...wire }) },
        routes: [plainRoute('all', { stage, modern: isHandled ? 'handlers' : null })],
      })
    })
    afterEach(async () => {
      for (const { socket } of talks) socket.destroy()
      await lab.close()
      await origin.close()
      await rm(directory, { recursive: true, force: true })
    })
    const talk = (): Talk => {
      const made = talkTo(lab.port)
      talks.push(made)
      return made
    }
    const tell = (path: string): Promise<string> => {
      const { say, closed } = talk()
      say(askOnce(`GET ${path}`))
      return closed
    }
    const openStream = async (path: string): Promise<Talk> => {
      const stream = talk()
      stream.say(ask(`GET ${path}`))
      await stream.until(/\r\n\r\n/)
      return stream
    }

    it('passes each event on before the next is sent', async () => {
      const { until } = await openStream('/events')
      for (let count = 1; count <= 5; count++) {
        assert.equal(statusOf(await tell('/next')), 200)
        await until((seen) => seen.includes(`data: ${count}\n\n`))
      }
    })

    it('lets events come as rarely as they like', async () => {
      const { until } = await openStream('/events')
      await pass(2 * timeouts.totalMs)
      await tell('/next')
      await until(/data: 1\n\n/)
    })

    it('lets a body take longer than the whole limit while it moves', async () => {
      const { until } = await openStream('/bytes')
      const pieces = Math.ceil((1.5 * timeouts.totalMs) / 40)
      for (let count = 1; count <= pieces; count++) {
        await tell('/next')
        await until((seen) => seen.includes(`data: ${count}\n\n`))
        await pass(40)
      }
    })

    it('waits for a long poll', async () => {
      assert.equal(bodyOf(await tell('/poll')), 'late')
    })

    it('ends events properly when its grace is over, and cuts what would be taken for whole', async () => {
      const events = await openStream('/events')
      await tell('/next')
      await events.until(/data: 1\n\n/)
      const isHandled = kind === 'handlers'
      const bytes = isHandled ? await openStream('/bytes') : null
      assert.deepEqual(await lab.proxy.drain(), { streams: 1, tunnels: 0 })
      assert.match(await events.closed, /data: 1\n\n\r\n0\r\n\r\n$/)
      if (bytes !== null) assert.doesNotMatch(await bytes.closed, /\r\n0\r\n/)
    })
  })
}

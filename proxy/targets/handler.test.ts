import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { Koa } from '../edge/koa.ts'
import type { Log } from '../telemetry/log.ts'
import { refused } from './conformance/behaviour.ts'
import { createOutlook, createPump, createTap, inbound } from './conformance/exchange.ts'
import { nodeScript } from './conformance/node-script.ts'
import { fallbackCause } from './failure.ts'
import { type Handlers, serveHandlers } from './handler.ts'
import { rawHeader } from './raw-header.ts'
import { describeSend } from './send-conformance.ts'

const createHeard = (): Log & { said: unknown[] } => {
  const said: unknown[] = []
  const say = (_event: string, fields: { err?: unknown } = {}): void => {
    said.push(fields.err)
  }
  return { said, debug: say, info: say, warn: say, error: say }
}

const limits = { module: null, timeoutMs: 10_000, concurrency: 256, databaseUrl: null }

const serve = (app: Koa, about: Partial<typeof limits> = {}, log: Log = createHeard()): Handlers =>
  serveHandlers({ app, build: 'test', close: async () => {} }, { ...limits, ...about }, log)

/** An application that leaves every request to a listener. */
const raw = (listener: (request: IncomingMessage, response: ServerResponse) => void): Koa => {
  const app = new Koa()
  app.use((ctx) => {
    ctx.respond = false
    listener(ctx.req, ctx.res)
  })
  return app
}

const koaOf = (middleware: Koa.Middleware): Koa => new Koa().use(middleware)

describeSend('handler', {
  from: 'modern',
  cannot: [],
  make: async (script) => {
    const { send, close } = serve(raw(nodeScript(script)))
    return { send, close }
  },
})

describe('handler', () => {
  it('answers JSON as Koa makes it, whole, and invents neither Date nor Connection', async () => {
    const { send } = serve(
      koaOf((ctx) => {
        ctx.body = { a: 1 }
      }),
    )
    const answer = await send(inbound(), createOutlook())
    assert.deepEqual(answer.headers, [
      ...['Content-Type', 'application/json; charset=utf-8'],
      ...['Content-Length', '7'],
    ])
    assert.equal(answer.reason, 'OK')
    assert.equal(String(answer.body.whole), '{"a":1}')
  })

  it('shows the application who asks, over what, and by which id', async () => {
    const app = koaOf((ctx) => {
      const { ip, protocol, host, method, url } = ctx
      ctx.body = { ip, protocol, host, method, url, id: ctx.get('x-request-id') }
    })
    const peer = {
      address: '192.0.2.7',
      scheme: 'https',
      host: 'a.example',
      trusted: false,
    } as const
    const headers = ['Host', 'a.example', 'X-Request-Id', 'forged', 'X-Forwarded-For', '10.0.0.1']
    const { body } = await serve(app).send(inbound({ peer, headers }), createOutlook())
    assert.deepEqual(JSON.parse(String(body.whole)), {
      ...{ ip: '192.0.2.7', protocol: 'https', host: 'a.example', method: 'GET' },
      ...{ url: '/things?x=1', id: 'request-1' },
    })
  })

  it('answers 500 for a handler that throws, and says why in the log alone', async () => {
    const log = createHeard()
    const boom = new Error('boom')
    const { send } = serve(
      koaOf(() => {
        throw boom
      }),
      {},
      log,
    )
    const { status, body } = await send(inbound(), createOutlook())
    assert.equal(status, 500)
    assert.equal(String(body.whole), 'Internal Server Error')
    assert.deepEqual(log.said, [boom])
  })

  it('breaks an answer off whose stream fails midway', async () => {
    const log = createHeard()
    const { send } = serve(
      koaOf((ctx) => {
        ctx.body = Readable.from(
          (async function* () {
            yield 'half'
            throw new Error('disk')
          })(),
        )
      }),
      {},
      log,
    )
    const tap = createTap()
    const { body } = await send(inbound(), createOutlook())
    body.flow(tap)
    await tap.over
    assert.equal(tap.failure?.code, 'http_response_incomplete')
    assert.equal(log.said.length, 1)
  })

  it('gives up on a handler that has no head in time, and hears nothing it says later', async () => {
    let late: ServerResponse | null = null
    const { send, inFlight } = serve(
      raw((_, response) => {
        late = response
      }),
      { timeoutMs: 5 },
    )
    const why = await refused(send(inbound(), createOutlook()))
    assert.deepEqual(
      [why.code, why.party, why.effect],
      ['http_response_timeout', 'modern', 'unknown'],
    )
    assert.equal(inFlight(), 0)
    const response = late as unknown as ServerResponse
    if (!response.closed) await once(response, 'close')
    response.setHeader('x', 'y')
    const error = await new Promise((heard) => assert.equal(response.write('late', heard), false))
    assert.ok(error instanceof Error)
    response.end('later')
    response.end('latest')
  })

  it('waits for a client that uploads slowly instead of blaming the handler', async () => {
    const app = koaOf(async (ctx) => {
      let size = 0
      for await (const chunk of ctx.req) size += chunk.length
      ctx.body = String(size)
    })
    const pump = createPump(Buffer.alloc(1), 400)
    const { send } = serve(app, { timeoutMs: 1 })
    const { body } = await send(inbound({ method: 'POST', body: pump.body }), createOutlook())
    assert.equal(String(body.whole), '400')
  })

  it('refuses more requests at once than it may hold, before the handler hears of them', async () => {
    const held: ServerResponse[] = []
    const { send, inFlight } = serve(
      raw((_, response) => void held.push(response)),
      { concurrency: 2 },
    )
    const first = [send(inbound(), createOutlook()), send(inbound(), createOutlook())]
    const why = await refused(send(inbound(), createOutlook()))
    assert.deepEqual([why.code, why.effect], ['connection_limit_reached', 'none'])
    assert.deepEqual([held.length, inFlight()], [2, 2])
    for (const response of held) response.end('done')
    await Promise.all(first)
    assert.equal(inFlight(), 0)
  })

  it('takes a 503 that says "not processed" as proof that nothing was done', async () => {
    const app = koaOf((ctx) => {
      ctx.set('x-banyan-not-processed', '1')
      ctx.status = ctx.query.x === '1' ? 503 : 200
      ctx.body = 'not I'
    })
    const { send } = serve(app)
    const why = await refused(send(inbound(), createOutlook()))
    assert.deepEqual([why.effect, fallbackCause(why)], ['none', 'notSent'])
    const answer = await send(inbound({ url: '/things?x=2' }), createOutlook())
    assert.equal(rawHeader(answer.headers, 'x-banyan-not-processed'), null)
  })
})

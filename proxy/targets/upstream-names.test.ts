import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { upstreamConfig } from '../../contract-tests/lab/upstream-config.ts'
import { refused } from './conformance/behaviour.ts'
import { createOutlook, drink, inbound } from './conformance/exchange.ts'
import { createHostName, type Lookup } from './host-name.ts'
import { createUpstream, type Upstream } from './upstream.ts'

/** A resolver whose answers a test gives, one after the other; the last one holds. */
const scripted = (...answers: readonly (readonly string[] | Error)[]) => {
  let at = -1
  const asked: string[] = []
  const waiting: (() => void)[] = []
  const lookup: Lookup = async (hostname) => {
    asked.push(hostname)
    at = Math.min(at + 1, answers.length - 1)
    for (const tell of waiting.splice(0)) tell()
    const answer = answers[at] ?? []
    if (answer instanceof Error) throw answer
    return answer
  }
  /** Resolves when it is asked the next time. */
  const next = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve))
  return { lookup, asked, next }
}

const turn = (): Promise<void> => new Promise(setImmediate)
const broken = Object.assign(new Error('the resolver is down'), { code: 'EAI_AGAIN' })

describe('createHostName', () => {
  it('keeps the last good answer while the resolver fails, and tells once', async () => {
    const { lookup, next } = scripted(['10.0.0.1'], broken, [], broken, ['10.0.0.2'])
    const told: (readonly string[])[] = []
    const name = createHostName('app.example', {
      lookup,
      refreshMs: 5,
      onChange: () => told.push(['changed']),
      onTrouble: (error) => told.push([error === null ? 'well again' : String(error)]),
    })
    const resolve = (): Promise<readonly string[]> =>
      new Promise((settle) => name.resolve((_, addresses) => settle(addresses)))
    assert.deepEqual(await resolve(), ['10.0.0.1'])
    name.start()
    for (let time = 0; time < 3; time += 1) {
      await next()
      await turn()
      assert.deepEqual(await resolve(), ['10.0.0.1'])
      assert.equal(name.has('10.0.0.1'), true)
    }
    await next()
    await turn()
    name.close()
    assert.deepEqual(await resolve(), ['10.0.0.2'])
    assert.equal(name.has('10.0.0.1'), false)
    assert.deepEqual(told, [[String(broken)], ['well again'], ['changed']])
  })

  it('asks again where the first answer was none', async () => {
    const { lookup } = scripted(broken, ['10.0.0.1'])
    const silent = { onChange: () => {}, onTrouble: () => {} }
    const name = createHostName('app.example', { lookup, refreshMs: 60_000, ...silent })
    const resolve = (): Promise<unknown> =>
      new Promise((settle) => name.resolve((why) => settle(why)))
    assert.deepEqual(await Promise.all([resolve(), resolve()]), [broken, broken])
    assert.equal(await resolve(), null)
  })
})

for (const wire of ['own', 'undici'] as const) {
  describe(`createUpstream, at a name (${wire})`, () => {
    const servers: Server[] = []
    let upstream: Upstream
    /** Which of this machine's own addresses answered. */
    const seen: string[] = []

    /** Servers at one port of several addresses. */
    const listen = async (...addresses: readonly string[]): Promise<number> => {
      let port = 0
      for (const address of addresses) {
        const server = createServer((request, response) => {
          seen.push(request.socket.localAddress ?? '')
          response.end('x')
        })
        server.listen(port, address)
        await once(server, 'listening')
        port = (server.address() as AddressInfo).port
        servers.push(server)
      }
      return port
    }
    const open = (port: number, lookup: Lookup, refreshMs = 60_000): void => {
      const config = upstreamConfig(`http://app.example:${port}`, {
        wire,
        dns: { refreshMs },
        pool: { connections: 2 },
        timeouts: { connectMs: 300 },
      })
      upstream = createUpstream(config, {
        pseudonym: 'banyan-test',
        now: () => performance.now(),
        lookup,
      })
    }
    const ask = async (): Promise<void> => {
      const answer = await upstream.send('legacy')(inbound(), createOutlook())
      await drink(answer.body)
    }
    afterEach(async () => {
      await upstream.close(0)
      for (const server of servers.splice(0)) {
        server.closeAllConnections()
        server.close()
      }
      seen.length = 0
    })

    it('uses all addresses of the name, for a connection each', async () => {
      const port = await listen('127.0.0.1', '127.0.0.2')
      open(port, scripted(['127.0.0.1', '127.0.0.2']).lookup)
      await Promise.all([ask(), ask()])
      assert.deepEqual(seen.toSorted(), ['127.0.0.1', '127.0.0.2'])
    })

    it('goes on to the next address where one refuses', async () => {
      const port = await listen('127.0.0.2')
      const { lookup, asked } = scripted(['127.0.0.1', '127.0.0.2', '127.0.0.3'])
      open(port, lookup)
      for (let time = 0; time < 4; time += 1) await ask()
      assert.deepEqual([...new Set(seen)], ['127.0.0.2'])
      assert.deepEqual(asked, ['app.example'])
    })

    it('leaves an address that the name stands for no longer', async () => {
      const port = await listen('127.0.0.1', '127.0.0.2')
      const { lookup, next } = scripted(['127.0.0.1'], broken, ['127.0.0.2'])
      open(port, lookup, 20)
      await ask()
      const [server] = servers
      assert.ok(server !== undefined)
      upstream.start()
      await next()
      await ask()
      assert.deepEqual(seen, ['127.0.0.1', '127.0.0.1'])
      await next()
      await turn()
      await ask()
      assert.equal(seen.at(-1), '127.0.0.2')
      const left = (): Promise<number> =>
        new Promise((settle) => server.getConnections((_, count) => settle(count)))
      while ((await left()) > 0) await turn()
    })

    it('fails with dns_error, effect none, where the name stands for nothing', async () => {
      open(1, scripted(broken).lookup)
      const why = await refused(upstream.send('legacy')(inbound(), createOutlook()))
      assert.deepEqual([why.code, why.effect], ['dns_error', 'none'])
    })

    it('gives up after timeouts.connect where the resolver does not answer', async () => {
      open(1, () => new Promise(() => {}))
      const why = await refused(upstream.send('legacy')(inbound(), createOutlook()))
      assert.deepEqual([why.code, why.effect], ['connection_timeout', 'none'])
    })
  })
}

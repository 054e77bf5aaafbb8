/** What never ends, against puma itself and through Banyan: server-sent events and WebSockets. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { borrowDatabase } from './lab/borrow-database.ts'
import { createBrowser } from './lab/browser.ts'
import { listen } from './lab/event-source.ts'
import { describeWith } from './lab/left-out.ts'
import { type Line, openLine } from './lab/line.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { startWorld, type World } from './lab/world.ts'

const upgrade = {
  ...{ connection: 'keep-alive, Upgrade', upgrade: 'WebSocket', 'sec-websocket-version': '13' },
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

const describeLive = (): void => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-live-'))
  let world: World
  let banyan: Banyan

  before(async function () {
    this.timeout(60_000)
    const forms = { database: 'mariadb', php: 'native', ruby: 'native', missing: [] } as const
    world = await startWorld({
      forms,
      dir,
      database: borrowDatabase,
      size: { users: 5, articles: 5 },
    })
    banyan = await startBanyan(world)
  })
  after(async function () {
    this.timeout(20_000)
    await banyan?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** The cookies of somebody signed in. */
  const signIn = async (origin: string, email = 'jake@example.com'): Promise<string> => {
    const browser = createBrowser(origin)
    await browser.visit('/account')
    const fields = { action: 'sign_in', email, password: 'jakejake' }
    assert.equal((await browser.submit('/account', fields)).status, 302)
    return browser.cookie()
  }

  for (const [where, origin] of [
    ['puma itself', () => world.ruby.url],
    ['Banyan', () => banyan.url],
  ] as const) {
    describe(`asking ${where}`, () => {
      let cookie = ''
      const lines: Line[] = []
      const open = async (headers: Record<string, string> = { cookie }): Promise<Line> => {
        const line = await openLine(`${origin()}/account/live`, headers)
        lines.push(line)
        return line
      }
      before(async () => {
        cookie = await signIn(origin())
      })
      afterEach(async () => {
        for (const line of lines.splice(0)) await line.close()
      })

      it('sends who is here, and a tick every second', async () => {
        const events = await listen(`${origin()}/account/events`, { cookie })
        assert.equal(events.status, 200)
        assert.equal(events.headers.get('content-type'), 'text/event-stream')
        const presence = await events.next('presence')
        assert.deepEqual(presence, { online: ['jake'] })
        const ticks = [await events.next('tick'), await events.next('tick')]
        const [first = 0, second = 0] = ticks.map((tick) => Date.parse(String(tick.time)))
        assert.ok(second > first)
        await events.close()
      })

      it('says on one connection who came and left on another', async () => {
        const line = await open()
        const online = async (): Promise<readonly string[]> =>
          JSON.parse(String(await line.next())).online
        assert.deepEqual(await online(), ['jake'])
        const headers = { cookie: await signIn(origin(), 'user2@example.com') }
        const events = await listen(`${origin()}/account/events`, headers)
        const [, other] = [await events.next('presence'), await online()]
        assert.equal(other.length, 2)
        // jake is here twice, which is no news to anybody else.
        const again = await open()
        assert.deepEqual(await online(), other)
        await again.close()
        assert.deepEqual(await online(), other)
        // Whoever leaves without a word is missed at once, or at the next tick.
        await events.close()
        assert.deepEqual(await online(), ['jake'])
      })

      it('gives back what it is told: text, bytes, long ones and pieces', async () => {
        const line = await open()
        await line.next()
        const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
        for (const message of [
          ...['', 'x', 'текст 😀 "<b>"', 'y'.repeat(125), 'z'.repeat(126), 'ж'.repeat(40_000)],
          ...[all, Buffer.alloc(200_001, 7)],
        ]) {
          line.socket.send(message)
          assert.deepEqual(await line.next(), message)
        }
        line.socket.send('one, ', { fin: false })
        line.socket.send('two, ', { fin: false })
        line.socket.ping('between')
        line.socket.send('three', { fin: true })
        assert.equal(await line.nextPong(), 'between')
        assert.equal(await line.next(), 'one, two, three')
      })

      it('ends with the code that it is given', async () => {
        const line = await open()
        line.socket.close(4321, 'бye')
        assert.equal((await line.ended).code, 4321)
      })

      for (const [what, code, frame] of [
        ['without a mask', 1002, [0x81, 0x01, 0x61]],
        ['with reserved bits', 1002, [0xc1, 0x80, 0, 0, 0, 0]],
        ['of no known kind', 1002, [0x83, 0x80, 0, 0, 0, 0]],
        ['that goes on with nothing', 1002, [0x80, 0x80, 0, 0, 0, 0]],
        ['that is a ping in pieces', 1002, [0x09, 0x80, 0, 0, 0, 0]],
        ['that is a ping of 126 bytes', 1002, [0x89, 0xfe, 0, 126, 0, 0, 0, 0]],
        ['that closes with half a code', 1002, [0x88, 0x81, 0, 0, 0, 0, 3]],
        ['that closes with code 1005', 1002, [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed]],
        ['that is no UTF-8', 1007, [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]],
        ['that claims 2^62 bytes', 1009, [0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0]],
      ] as const) {
        it(`ends with ${code} at a frame ${what}`, async () => {
          const line = await open()
          line.write(Buffer.from(frame))
          assert.equal((await line.ended).code, code)
        })
      }

      it('ends with 1009 at a message over one MiB, pieces counted together', async () => {
        const line = await open()
        for (const fin of [false, true]) line.socket.send(Buffer.alloc(600_000), { fin })
        assert.equal((await line.ended).code, 1009)
      })

      it('lets pages of its own site in', async () => {
        const line = await open({ cookie, origin: origin() })
        assert.ok(await line.next())
      })

      for (const [what, headers, status] of [
        ['a page of another site', { origin: 'http://evil.example' }, 403],
        ['a stranger', { cookie: '' }, 401],
        ['another version', { 'sec-websocket-version': '8' }, 426],
        ['a key that is none', { 'sec-websocket-key': 'short' }, 400],
        ['a key of 15 bytes', { 'sec-websocket-key': 'YWFhYWFhYWFhYWFhYWFh' }, 400],
      ] as const) {
        it(`answers ${status} to ${what}`, async () => {
          const asked = { cookie, ...upgrade, ...headers }
          const call = request(`${origin()}/account/live`, { headers: asked }).end()
          const [answer] = (await once(call, 'response')) as [IncomingMessage]
          answer.resume()
          assert.equal(answer.statusCode, status)
        })
      }

      it('answers 426 to what is no WebSocket, 401 to a stranger who wants events', async () => {
        const plain = await fetch(`${origin()}/account/live`, { headers: { cookie } })
        assert.equal(plain.status, 426)
        assert.equal(plain.headers.get('sec-websocket-version'), '13')
        const events = await fetch(`${origin()}/account/events`)
        assert.deepEqual(
          [events.status, await events.text()],
          [401, 'Sign in at /account first.\n'],
        )
      })

      it('answers HEAD for the events with a head', async () => {
        const head = await fetch(`${origin()}/account/events`, {
          method: 'HEAD',
          headers: { cookie },
        })
        assert.deepEqual([head.status, await head.text()], [200, ''])
      })
    })
  }
}

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

describeWith({ php, ruby, mariadb }, 'live connections', describeLive)

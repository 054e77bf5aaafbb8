import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { silentLog } from '../../telemetry/log.ts'
import { refused } from '../conformance/behaviour.ts'
import { createOutlook, createTap, drink, inbound } from '../conformance/exchange.ts'
import { createApp } from '../conformance/unruly-handlers.ts'
import { serveHandlers } from '../handler.ts'
import { createLanesLab, type LanesLab, type LanesLabOptions } from './lanes-lab.ts'
import { ruinOne } from './ruin-lab.ts'

/** What becomes of a request in a lane that it ruins, and of the lane. */
const ruins = [
  { path: '/hang', code: 'http_response_timeout', cause: 'timeout' },
  { path: '/spin', code: 'http_response_timeout', cause: 'timeout' },
  { path: '/heap', code: 'connection_terminated', cause: 'memory' },
  { path: '/memory', code: 'connection_terminated', cause: 'memory' },
  { path: '/exit', code: 'connection_terminated', cause: 'exit' },
  { path: '/throw', code: 'connection_terminated', cause: 'error' },
  { path: '/reject', code: 'connection_terminated', cause: 'error' },
] as const

for (const isolation of ['thread', 'process'] as const) {
  describe(`lanes, each a ${isolation}`, () => {
    let lab: LanesLab
    const start = (about: LanesLabOptions = {}): void => {
      lab = createLanesLab({ isolation, ...about })
    }
    afterEach(() => lab.lanes.close())

    for (const ruin of ruins) {
      const { path, cause } = ruin
      it(`ends the lane of ${path} by ${cause}, no other one, and starts it again`, async () => {
        start(cause === 'memory' ? { timeoutMs: 60_000 } : {})
        await ruinOne(lab, ruin)
      }).timeout(60_000)
    }

    it('leaves handlers on the thread of the edge untouched while one spins', async () => {
      start()
      await lab.lanes.warm()
      const inline = serveHandlers(
        { ...createApp({}), build: 'inline' },
        { module: null, timeoutMs: 10_000, concurrency: 256, databaseUrl: null },
        silentLog,
      )
      let isOver = false
      const ruin = refused(lab.ask('/spin')).then(() => {
        isOver = true
      })
      for (let n = 0; n < 50; n++) {
        const { body } = await inline.send(inbound({ path: '/fine' }), createOutlook())
        assert.equal(String(body.whole), 'fine')
      }
      assert.equal(isOver, false)
      await ruin
    }).timeout(60_000)

    for (const [path, cause] of [
      ['/half-then-spin', 'timeout'],
      ['/half-then-exit', 'exit'],
    ] as const) {
      it(`breaks off the answer of ${path}`, async () => {
        start()
        const { status, body } = await lab.ask(path)
        const tap = createTap()
        body.flow(tap)
        await tap.over
        assert.equal(status, 200)
        assert.equal(String(Buffer.concat(tap.chunks)), 'half')
        assert.equal(tap.failure?.code, 'http_response_incomplete')
        if (lab.causes.length === 0) await lab.hears('lane_ended')
        assert.deepEqual(lab.causes, [cause])
      }).timeout(60_000)
    }

    it('refuses more header lines than can be sent, and keeps the lane', async () => {
      start()
      const why = await refused(lab.ask('/headers'))
      assert.deepEqual([why.code, why.party], ['handler_failed', 'modern'])
      assert.equal(await lab.read('/fine'), 'fine')
      assert.deepEqual(lab.causes, [])
    })

    it('passes a few interim answers on, whatever the handler sends', async () => {
      start({ timeoutMs: 10_000 })
      const outlook = createOutlook()
      const { body } = await lab.lanes.send(inbound({ path: '/hints', url: '/hints' }), outlook)
      assert.equal(String(await drink(body)), 'hinted')
      assert.equal(outlook.interim.length, 16)
    })

    it('holds no more of a huge answer than is on its way', async () => {
      start({ memoryBytes: 256 * 1_048_576, timeoutMs: 60_000 })
      const { body } = await lab.ask('/huge')
      const tap = createTap()
      tap.ready = false
      const flow = body.flow(tap)
      await tap.begun
      assert.ok(tap.size() < 1_000_000, 'one piece at a time')
      tap.ready = true
      flow.resume()
      await tap.over
      assert.equal(tap.size(), 64_000_000)
    }).timeout(60_000)

    it('tells when every lane rests, and when one serves again', async () => {
      start({ lanes: 1 })
      await lab.lanes.warm()
      while (!lab.lanes.isResting()) {
        const ended = lab.hears('lane_ended')
        await Promise.all([refused(lab.ask('/exit')), ended])
      }
      await lab.hears('lane_started')
      assert.equal(lab.lanes.isResting(), false)
      assert.equal(await lab.read('/fine'), 'fine')
    }).timeout(60_000)

    it('serves who waits by the lane that was kept warm, as soon as another one has ended', async () => {
      start({ lanes: 1 })
      await lab.lanes.warm()
      while (lab.lanes.status().running < 2) await lab.hears('lane_started')
      const ruin = refused(lab.ask('/exit'))
      assert.equal(await lab.read('/fine'), 'fine')
      await ruin
      assert.equal(lab.lines.filter(([event]) => event === 'lane_started').length, 2)
    }).timeout(60_000)

    it('takes nothing that comes after the end', async () => {
      start({ lanes: 1 })
      assert.equal(await lab.read('/late'), 'in time')
      assert.equal(await lab.read('/fine'), 'fine')
    })
  })
}

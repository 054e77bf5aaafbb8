import assert from 'node:assert/strict'
import { refused } from '../conformance/behaviour.ts'
import { createOutlook, inbound } from '../conformance/exchange.ts'
import { failure, fallbackCause } from '../failure.ts'
import { backOffMs } from './lane-seat.ts'
import { createLanesLab, type LanesLab } from './lanes-lab.ts'

const minuteMs = 60_000

describe('the queue of lanes', () => {
  let lab: LanesLab
  afterEach(() => lab.lanes.close())

  it('lets requests wait for a lane, and serves each in its turn', async () => {
    lab = createLanesLab({ lanes: 1 })
    const texts = await Promise.all(Array.from({ length: 20 }, () => lab.read('/fine')))
    assert.deepEqual(new Set(texts), new Set(['fine']))
  })

  it('refuses who finds the queue full, so that reads fall back', async () => {
    lab = createLanesLab({ lanes: 1, queue: 1 })
    await lab.lanes.warm()
    const ruin = refused(lab.ask('/hang'))
    const waits = lab.read('/fine')
    const why = await refused(lab.ask('/fine'))
    assert.deepEqual(
      [why.code, why.party, why.effect, fallbackCause(why)],
      ['connection_limit_reached', 'banyan', 'none', 'bulkheadFull'],
    )
    assert.equal(lab.lanes.inFlight(), 2)
    await ruin
    assert.equal(await waits, 'fine')
  })

  it('refuses who has waited too long', async () => {
    lab = createLanesLab({ lanes: 1, queueTimeoutMs: 20, timeoutMs: minuteMs })
    await lab.lanes.warm()
    const ruin = refused(lab.ask('/hang'))
    const why = await refused(lab.ask('/fine'))
    assert.deepEqual([why.code, why.effect], ['connection_limit_reached', 'none'])
    await lab.lanes.close()
    assert.equal((await ruin).code, 'connection_terminated')
  })

  it('lets go of a client that goes away while it waits', async () => {
    lab = createLanesLab({ lanes: 1, timeoutMs: minuteMs })
    await lab.lanes.warm()
    const ruin = refused(lab.ask('/hang'))
    const outlook = createOutlook()
    const waits = refused(lab.lanes.send(inbound(), outlook))
    outlook.abort(failure('client_gone', 'client', 'unknown'))
    assert.equal((await waits).code, 'client_gone')
    assert.equal(lab.lanes.status().waiting, 0)
    await lab.lanes.close()
    await ruin
  })

  it('lets fall back at once while every lane is being started again', async () => {
    lab = createLanesLab({ lanes: 1 })
    let why = await refused(lab.ask('/exit'))
    while (why.code === 'connection_terminated') why = await refused(lab.ask('/exit'))
    assert.deepEqual(
      [why.code, why.party, why.effect],
      ['destination_unavailable', 'modern', 'none'],
    )
  }).timeout(30_000)

  it('says why the handlers cannot be loaded, and lets everything fall back', async () => {
    lab = createLanesLab({ module: '/nowhere/handlers.js' })
    const why = await refused(lab.ask('/fine'))
    assert.deepEqual([why.code, why.effect], ['handler_missing', 'none'])
    assert.match(lab.lanes.status().problem ?? '', /nowhere.*is not there\. Build the handlers/)
    assert.equal((await refused(lab.ask('/fine'))).code, 'handler_missing')
    await lab.lanes.warm()
    assert.deepEqual(lab.causes, ['load', 'load'])
  })

  it('ends what is in flight when it closes, and serves nothing more', async () => {
    lab = createLanesLab()
    await lab.lanes.warm()
    const ruin = refused(lab.ask('/hang'))
    await lab.lanes.close()
    assert.equal((await ruin).code, 'connection_terminated')
    assert.equal((await refused(lab.ask('/fine'))).code, 'handler_missing')
    assert.equal(lab.lanes.status().running, 0)
  })

  it('ends all of an exchange within its deadline', async () => {
    lab = createLanesLab({ timeoutMs: minuteMs })
    const why = await refused(
      lab.lanes.within(50)(inbound({ path: '/spin', url: '/spin' }), createOutlook()),
    )
    assert.equal(why.code, 'http_response_timeout')
    await lab.hears('lane_ended')
    assert.deepEqual(lab.causes, ['timeout'])
  })

  it('starts a lane again later and later, from one second to five minutes', () => {
    const delays = [0, 1, 2, 3, 9, 10, 50].map(backOffMs)
    assert.deepEqual(delays, [0, 1_000, 2_000, 4_000, 256_000, 300_000, 300_000])
  })
})

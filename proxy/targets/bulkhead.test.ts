import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { type Bulkhead, createBulkhead, type Waiter } from './bulkhead.ts'

const make = (about: { maxPending?: number; queueTimeoutMs?: number } = {}): Bulkhead =>
  createBulkhead({
    places: 1,
    maxPending: 2,
    queueTimeoutMs: 10_000,
    now: () => performance.now(),
    ...about,
  })

interface Recorder extends Waiter {
  readonly outcome: Promise<string>
}

const createWaiter = (): Recorder => {
  let settle: (outcome: string) => void = () => {}
  const outcome = new Promise<string>((resolve) => {
    settle = resolve
  })
  return { outcome, start: () => settle('started'), refuse: settle }
}

/** Waiters that entered in this order. */
const enter = (bulkhead: Bulkhead, count: number): Recorder[] => {
  const waiters = Array.from({ length: count }, createWaiter)
  for (const waiter of waiters) bulkhead.enter(waiter)
  return waiters
}

describe('createBulkhead', () => {
  it('gives a place at once, the next one in the order of coming', async () => {
    const bulkhead = make()
    const [first, second, third] = enter(bulkhead, 3)
    assert.equal(await first?.outcome, 'started')
    assert.deepEqual([bulkhead.inFlight, bulkhead.pending], [1, 2])
    bulkhead.leave()
    assert.equal(await second?.outcome, 'started')
    bulkhead.leave()
    assert.equal(await third?.outcome, 'started')
    assert.deepEqual([bulkhead.inFlight, bulkhead.pending], [1, 0])
    bulkhead.leave()
    assert.equal(bulkhead.inFlight, 0)
  })

  it('refuses at once whoever would be one too many in the queue', async () => {
    const [, , last] = enter(make({ maxPending: 1 }), 3)
    assert.equal(await last?.outcome, 'full')
  })

  it('refuses whoever has waited too long', async () => {
    const bulkhead = make({ queueTimeoutMs: 20 })
    const [, second, third] = enter(bulkhead, 3)
    assert.deepEqual(await Promise.all([second?.outcome, third?.outcome]), ['timeout', 'timeout'])
    assert.equal(bulkhead.pending, 0)
  })

  it('forgets whoever withdraws, but not a place that is already given', async () => {
    const bulkhead = make()
    const [first, second, third] = enter(bulkhead, 3)
    assert.ok(first && second && third)
    assert.equal(bulkhead.withdraw(second), true)
    assert.equal(bulkhead.withdraw(second), false)
    assert.equal(bulkhead.withdraw(first), false)
    bulkhead.leave()
    assert.equal(await third.outcome, 'started')
  })

  it('tells when the last place is free', async () => {
    const bulkhead = make()
    await bulkhead.idle()
    enter(bulkhead, 2)
    const idle = bulkhead.idle()
    bulkhead.leave()
    assert.equal(bulkhead.inFlight, 1)
    bulkhead.leave()
    await idle
    assert.equal(bulkhead.inFlight, 0)
  })
})

import { strict as assert } from 'node:assert'
import type { BreakerState } from './breaker.ts'
import { createBreakerClock } from './breaker-clock.ts'
import { createBench, halfOpenBench, openBench } from './conformance/breaker-bench.ts'

describe('breaker', () => {
  const counted: readonly (readonly [string, BreakerState, string])[] = [
    ['---', 'closed', 'stays closed below the minimum of calls'],
    ['++--', 'open', 'opens at the rate itself, not only above it'],
    ['+++--', 'closed', 'stays closed below the rate'],
    ['..........--', 'closed', 'counts nothing that is neutral'],
    ['----', 'open', 'opens when every call fails'],
  ]
  for (const [results, state, title] of counted) {
    it(title, async () => {
      const { breaker, call } = createBench()
      await call(results)
      assert.equal(breaker.state(), state)
      assert.equal(breaker.blocks(), state === 'open')
      breaker.close()
    })
  }

  it('opens at a rate of 100 % when every call fails', async () => {
    const { breaker } = await openBench({ failureRateBp: 10_000 })
    breaker.close()
  })

  it('forgets calls once the window has passed them', async () => {
    const { breaker, call, turn } = createBench()
    await call('---')
    for (let each = 0; each < 10; each++) turn()
    await call('---')
    assert.equal(breaker.state(), 'closed')
    breaker.close()
  })

  it('opens when too many calls are slow, and not when an upload made them so', async () => {
    const { breaker, call, world } = createBench()
    for (let each = 0; each < 9; each++) {
      const upload = breaker.begin()
      world.ms += 9_000
      breaker.record(upload, 'passed', false)
    }
    assert.equal(breaker.state(), 'closed')
    const slow = createBench()
    await slow.call('+')
    await slow.call('++++', 3_001)
    assert.equal(slow.breaker.state(), 'open')
    for (const each of [breaker, slow.breaker]) each.close()
    await call('')
  })

  it('counts answers that break off after their head', async () => {
    const { breaker, call } = createBench()
    await call('++')
    for (let each = 0; each < 2; each++) breaker.recordLate()
    await call('')
    assert.equal(breaker.state(), 'open')
    breaker.close()
  })

  it('lets as many calls on trial as configured, and takes neutral ones back', async () => {
    const { breaker } = await halfOpenBench()
    const calls = [1, 2, 3].map(() => {
      assert.equal(breaker.blocks(), false)
      return breaker.begin()
    })
    assert.equal(breaker.blocks(), true)
    breaker.record(calls[0]!, 'neutral')
    assert.equal(breaker.blocks(), false)
    breaker.close()
  })

  it('closes after a trial that passes, and lets traffic back over 30 s', async () => {
    const { breaker, call, states, world } = await halfOpenBench()
    await call('+-+')
    assert.deepEqual(states, ['open', 'halfOpen', 'closed'])
    const shares = [0, 15_000, 30_000].map((sinceMs) => {
      const start = world.ms
      world.ms += sinceMs
      const blocked = [0.05, 0.3, 0.5, 0.7, 0.99].map((random) => {
        world.random = random
        return breaker.blocks()
      })
      world.ms = start
      return blocked.filter((each) => !each).length
    })
    assert.deepEqual(shares, [1, 3, 5])
    breaker.close()
  })

  it('opens again after a trial that fails, each time for twice as long', async () => {
    const bench = await halfOpenBench({ resetAfterMs: 20 })
    const waits: number[] = []
    for (let round = 0; round < 2; round++) {
      const startMs = performance.now()
      await bench.call('---')
      await bench.becomes('halfOpen')
      waits.push(performance.now() - startMs)
    }
    assert.deepEqual(bench.states, ['open', 'halfOpen', 'open', 'halfOpen', 'open', 'halfOpen'])
    assert.ok(waits[0]! >= 38 && waits[1]! >= 78, String(waits))
    bench.breaker.close()
  })

  it('fails a trial whose calls are slow', async () => {
    const { breaker, call, states } = await halfOpenBench()
    await call('+++', 3_001)
    assert.deepEqual(states.slice(0, 3), ['open', 'halfOpen', 'open'])
    breaker.close()
  })

  it('learns nothing in one state from a call that began in another', async () => {
    const bench = createBench({ resetAfterMs: 5 })
    const old = [bench.breaker.begin(), bench.breaker.begin(), bench.breaker.begin()]
    await bench.call('----')
    await bench.becomes('halfOpen')
    for (const call of old) bench.breaker.record(call, 'passed')
    assert.equal(bench.breaker.state(), 'halfOpen')
    bench.breaker.close()
  })

  it('closes for good: no timer, no count', async () => {
    const { breaker, call, turns } = await openBench()
    breaker.close()
    await call('----')
    assert.deepEqual([breaker.state(), breaker.blocks(), turns.length], ['closed', false, 0])
  })

  it('is told the time by a clock that ticks for every window until it is stopped', async () => {
    const clock = createBreakerClock()
    const stops: (() => void)[] = []
    await Promise.all(
      [1, 1, 2].map((ms) => new Promise<void>((tick) => stops.push(clock.every(ms, tick)))),
    )
    for (const stop of stops) stop()
  })
})

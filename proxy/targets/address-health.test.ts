import assert from 'node:assert/strict'
import {
  type AddressHealth,
  type AddressHealthOptions,
  createAddressHealth,
  type HealthEvent,
  type ProbeResult,
} from './address-health.ts'

interface Bench {
  readonly health: AddressHealth
  readonly told: readonly HealthEvent[]
  pass(ms: number): void
  connect(...results: readonly boolean[]): void
  probe(...results: readonly ProbeResult[]): void
}

const createBench = (about: Partial<AddressHealthOptions> = {}): Bench => {
  let nowMs = 50_000
  const told: HealthEvent[] = []
  const health = createAddressHealth({
    probes: { unhealthyAfter: 3, healthyAfter: 2 },
    slowStartMs: 10_000,
    now: () => nowMs,
    mayEject: () => true,
    tell: (event) => told.push(event),
    ...about,
  })
  return {
    health,
    told,
    pass(ms) {
      nowMs += ms
    },
    connect: (...results) => results.forEach((each) => void health.connected(each)),
    probe: (...results) => results.forEach((each) => void health.probed(each)),
  }
}

describe('createAddressHealth', () => {
  it('lets an address have requests that nobody knows anything of', () => {
    const { health } = createBench()
    assert.deepEqual([health.isUp(), health.verdict(), health.weight()], [true, null, 1])
  })

  it('believes the first good probe, and only so many bad ones in a row', () => {
    const { health, probe, told } = createBench()
    probe('unwell', 'unwell', 'well')
    assert.equal(health.verdict(), true)
    probe('unwell', 'unreachable', 'well', 'unwell', 'unwell')
    assert.equal(health.verdict(), true)
    probe('unwell')
    assert.deepEqual([health.verdict(), health.isUp()], [false, false])
    probe('well', 'unwell', 'well')
    assert.equal(health.verdict(), false)
    probe('well')
    assert.deepEqual([health.verdict(), health.isUp()], [true, true])
    assert.deepEqual(told, [
      { healthy: false, source: 'probe' },
      { healthy: true, source: 'probe' },
    ])
  })

  it('tells an address that answers badly from one that does not answer', () => {
    const { health, probe } = createBench()
    probe('unreachable', 'unreachable', 'unwell')
    assert.deepEqual([health.isUp(), health.isReachable()], [false, true])
    probe('unreachable')
    assert.equal(health.isReachable(), false)
  })

  it('gives an address that comes back its share little by little', () => {
    const { health, probe, pass } = createBench()
    probe('unwell', 'unwell', 'unwell', 'well', 'well')
    assert.equal(health.weight(), 0.1)
    pass(5_000)
    assert.equal(health.weight(), 0.5)
    pass(5_000)
    assert.equal(health.weight(), 1)
  })

  it('gives all of it at once where the config says 0s', () => {
    const { health, probe } = createBench({ slowStartMs: 0 })
    probe('unwell', 'unwell', 'unwell', 'well', 'well')
    assert.equal(health.weight(), 1)
  })

  it('leaves an address out for a while after three connections that fail in a row', () => {
    const { health, connect, pass, told } = createBench({ probes: null })
    connect(false, false, true, false, false)
    assert.equal(health.isUp(), true)
    connect(false)
    assert.deepEqual([health.isUp(), health.isReachable(), health.verdict()], [false, false, false])
    pass(1_000)
    assert.deepEqual([health.isUp(), health.verdict(), health.weight()], [true, null, 0.1])
    assert.deepEqual(told, [
      { healthy: false, source: 'connect' },
      { healthy: true, source: 'connect' },
    ])
  })

  it('leaves it out twice as long each time that it is none the better, a minute at most', () => {
    const { health, connect, pass } = createBench({ probes: null })
    connect(false, false)
    const times: number[] = []
    for (let time = 0; time < 8; time += 1) {
      connect(false)
      let seconds = 0
      for (; !health.isUp(); seconds += 1) pass(1_000)
      times.push(seconds)
    }
    assert.deepEqual(times, [1, 2, 4, 8, 16, 32, 60, 60])
    pass(300_000)
    connect(false)
    pass(1_000)
    assert.equal(health.isUp(), true)
  })

  it('leaves nobody out where that would be too many', () => {
    const { health, connect } = createBench({ mayEject: () => false })
    connect(false, false, false, false)
    assert.equal(health.isUp(), true)
  })
})

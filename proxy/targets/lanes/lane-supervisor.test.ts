import { deepEqual } from 'node:assert/strict'
import { mock } from 'node:test'
import { type Supervisor, superviseExchange } from './lane-supervisor.ts'

describe('the supervisor of a lane whose driver is prepared first', () => {
  let nowMs = 0
  let gaveUpMs: number[] = []
  const start = (ms: number): Supervisor =>
    superviseExchange({
      limit: { ms, of: 'exchange' },
      isPrepared: false,
      exchange: () => null,
      ping() {},
      giveUp: () => gaveUpMs.push(nowMs),
      now: () => nowMs,
    })
  const pass = (ms: number): void => {
    for (let n = 0; n < ms; n += 10) {
      nowMs += 10
      mock.timers.tick(10)
    }
  }
  beforeEach(() => {
    nowMs = 0
    gaveUpMs = []
    mock.timers.enable({ apis: ['setTimeout'] })
  })
  afterEach(() => mock.timers.reset())

  it('leaves the driver its time where nobody wants the request any more', () => {
    const supervisor = start(1_000)
    pass(3_000)
    supervisor.over()
    pass(1_500)
    supervisor.begin()
    supervisor.end()
    deepEqual(gaveUpMs, [])
  })

  it('gives up a driver that is never prepared, however long the handler might take', () => {
    const supervisor = start(20_000)
    pass(100)
    supervisor.over()
    pass(20_000)
    deepEqual(gaveUpMs, [8_000])
  })

  it('gives up a lane that does not come to rest after that', () => {
    const supervisor = start(1_000)
    supervisor.over()
    pass(4_000)
    supervisor.begin()
    pass(2_000)
    deepEqual(gaveUpMs, [5_000])
  })
})

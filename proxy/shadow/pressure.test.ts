import assert from 'node:assert/strict'
import { createPressure, type Gauge, type Pressure } from './pressure.ts'

describe('createPressure', () => {
  let pressure: Pressure
  afterEach(() => pressure.close())

  /** Looks at each of these in turn; what was found after each look, and what was logged. */
  const watch = (looks: readonly (readonly [number, number])[]) => {
    let at = 0
    const said: string[] = []
    const gauge: Gauge = {
      delayMs: () => looks[at]?.[0] ?? 0,
      rssBytes: () => looks[at]?.[1] ?? 0,
      close() {},
    }
    const log = {
      warn: (event: string) => void said.push(event),
      info: (event: string) => void said.push(event),
    }
    pressure = createPressure({ delayMs: 100, rssBytes: 1_000 }, log, gauge)
    const found = looks.map(() => {
      pressure.look()
      at += 1
      return pressure.isHigh()
    })
    return { found, said }
  }

  it('is high above a limit, and low again only well below it; says each once', () => {
    const { found, said } = watch([
      [10, 10],
      [101, 10],
      [150, 10],
      [90, 10],
      [70, 10],
      [95, 10],
    ])
    assert.deepEqual(found, [false, true, true, true, false, false])
    assert.deepEqual(said, ['shadows_paused', 'shadows_resumed'])
  })

  it('is high where memory is, too', () => {
    const { found } = watch([
      [0, 1_001],
      [0, 700],
    ])
    assert.deepEqual(found, [true, false])
  })

  it('reads the process itself', () => {
    pressure = createPressure({ delayMs: 60_000, rssBytes: 1 }, { warn() {}, info() {} })
    pressure.look()
    assert.ok(pressure.isHigh())
  })
})

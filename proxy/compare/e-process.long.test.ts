import assert from 'node:assert/strict'
import { simulatedAlarms } from './simulated-noise.ts'

describe('the test of noisy places over very many runs', () => {
  for (const noise of [0.001, 0.01, 0.1, 0.5])
    it(`keeps to its chance of a false alarm at ${noise * 100} % noise`, () => {
      const run = { runs: 2_000, requests: 5_000, noise, regression: 0, chance: 0.01 }
      assert.ok(simulatedAlarms(run).length <= 30)
    }).timeout(300_000)

  // biome-ignore format: a table reads best as a table
  const regressions: [number, number][] = [[0.1, 0.05], [0.5, 0.2], [0.6, 0.6]]
  for (const [noise, regression] of regressions)
    it(`finds ${regression * 100} % under ${noise * 100} % noise within 5 000 requests`, () => {
      const found = simulatedAlarms({ runs: 1_000, requests: 5_000, noise, regression })
      assert.ok(found.length >= 990, `${found.length}`)
    }).timeout(300_000)
})

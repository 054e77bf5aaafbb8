/** Traffic of which the truth is known, to try the test of noisy places on. */
import { logEvidence } from './e-process.ts'
import { createSeededRandom } from './seeded-random.ts'

export interface SimulatedNoise {
  readonly runs: number
  readonly requests: number
  /** Share of answers in which the place differs by chance, on either side alike. */
  readonly noise: number
  /** Share of requests that modern answers wrongly besides. */
  readonly regression: number
  /** Of a single place; default 0.001. */
  readonly chance?: number
}

/** The request at which a run has its first alarm, looked at after each; null: it has none. */
const firstAlarm = (seed: number, run: SimulatedNoise): number | null => {
  const { requests, noise, regression, chance = 0.001 } = run
  const random = createSeededRandom(seed)
  const enough = Math.log(1 / chance)
  const pairs = { modern: 0, legacy: 0 }
  for (let n = 1; n <= requests; n++) {
    const isModern = [random() < noise, random() < regression].includes(true)
    const isLegacy = random() < noise
    if (isModern === isLegacy) continue
    pairs[isModern ? 'modern' : 'legacy']++
    if (logEvidence(pairs.modern, pairs.legacy) >= enough) return n
  }
  return null
}

/** The requests at which the runs with an alarm had it. Seeded: the same every time. */
export const simulatedAlarms = (run: SimulatedNoise): number[] =>
  Array.from({ length: run.runs }, (_, seed) => firstAlarm(seed + 1, run)).filter(
    (at) => at !== null,
  )

/** Traffic of which the share of bad answers is known, to try the gate on. */
import { createSeededRandom } from '../compare/seeded-random.ts'
import { sideOf } from './mixture.ts'

export interface SimulatedGate {
  readonly runs: number
  readonly trials: number
  /** The truth. */
  readonly rate: number
  readonly limit: number
  /** Of a wrong verdict. */
  readonly chance: number
  /** Trials between two looks. */
  readonly every: number
}

export interface SimulatedVerdicts {
  /** Trials at which the runs that were promoted were so. */
  readonly promoted: readonly number[]
  readonly failed: readonly number[]
}

const decided = (seed: number, { trials, rate, limit, chance, every }: SimulatedGate) => {
  const random = createSeededRandom(seed)
  let bad = 0
  for (let count = 1; count <= trials; count++) {
    if (random() < rate) bad++
    if (count % every !== 0) continue
    const side = sideOf({ bad, count }, limit, chance)
    if (side !== 'open') return { side, count }
  }
  return null
}

/** Every run is looked at again and again, and ends with the first verdict. Seeded. */
export const simulateGate = (about: SimulatedGate): SimulatedVerdicts => {
  const ends = Array.from({ length: about.runs }, (_, seed) => decided(seed + 1, about))
  const at = (side: 'below' | 'above'): number[] =>
    ends.filter((end) => end?.side === side).map((end) => end?.count ?? 0)
  return { promoted: at('below'), failed: at('above') }
}

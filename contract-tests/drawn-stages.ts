/** A stage for every route, by a seed: no mixture of them may be told from legacy. */
import { type Stage, stages } from '../proxy/stage.ts'
import type { Flip } from './lab/banyan.ts'
import { createSeededRandom } from './lab/seeded-random.ts'
import { rewritten } from './owners.ts'

export type DrawnStages = Readonly<Record<string, Flip>>

/**
 * The seeds to draw by; `BANYAN_SEED=7` draws that mixture again, and no other.
 *
 * @throws TypeError where it is no whole number
 */
export const seedsToDraw = (count: number): readonly number[] => {
  const { BANYAN_SEED } = process.env
  if (BANYAN_SEED === undefined) return Array.from({ length: count }, (_, index) => index + 1)
  if (/^\d+$/.test(BANYAN_SEED)) return [Number(BANYAN_SEED)]
  throw new TypeError(`BANYAN_SEED is ${BANYAN_SEED}: write a whole number, as the title says it`)
}

/** A canary's weight is anything that leaves callers on both sides. Pure. */
export const drawStages = (seed: number): DrawnStages => {
  const random = createSeededRandom(seed)
  const draw = (): Flip => {
    const stage: Stage = random.pick(stages)
    const weightBp = random.int(1, 99) * 100
    return stage === 'canary' ? { stage, weightBp } : { stage }
  }
  return Object.fromEntries(rewritten.map((id) => [id, draw()]))
}

/** What the ledgers of this process hold, as it may be stored and shown: they themselves hold what targets sent. */
import type { SeenNoise } from '../compare/merge-noise.ts'
import type { NoiseCount, NoiseLedger } from '../compare/noise-ledger.ts'
import { anyOf, type Shape } from '../compare/shape.ts'
import type { Evidence } from '../cutover/evidence.ts'
import type { NoiseLedgers } from './noise-ledgers.ts'
import type { Redact } from './redact.ts'

/** Of one route and epoch. Nothing where nothing was learned. */
export type ShownNoise = (route: string, epoch: string) => Pick<Evidence, 'noise' | 'writeNoise'>

export interface ShownNoiseParts {
  readonly ledgers: Pick<NoiseLedgers, 'find'>
  /** Where writes have differed. */
  readonly writeLedgers: Pick<NoiseLedgers, 'find'>
  readonly redactNoise: Redact['noise']
}

type Redacted = (counts: readonly NoiseCount[]) => readonly NoiseCount[]

/** That there are but few values is known; which they are is nobody's business. */
const withoutValues = (shape: Shape | null): Shape | null =>
  shape && { ...shape, values: shape.values && [] }

const redactedPlaces =
  (redactNoise: Redact['noise']): Redacted =>
  (counts) => {
    const shown = redactNoise(counts)
    return counts.map(({ pattern, seen }, at) => {
      const place = shown[at]
      if (place === undefined) throw new Error('every place has one that may be shown')
      const shape = withoutValues(place.shape)
      return { ...place, shape, seen, isHidden: place.pattern !== pattern }
    })
  }

/** Of what was written, the form alone: it says nothing of a secret that has it. */
const redactedForms = (redactNoise: Redact['noise']): Redacted => {
  const redacted = redactedPlaces(redactNoise)
  return (counts) =>
    redacted(counts).map((place, at) => {
      const { name = 'any', values = null } = counts[at]?.shape ?? {}
      return { ...place, shape: withoutValues({ ...anyOf(name), values }) }
    })
}

/** A ledger is redacted anew only when it has learned something. */
const createShown = (ledgers: Pick<NoiseLedgers, 'find'>, redacted: Redacted) => {
  const known = new WeakMap<NoiseLedger, SeenNoise>()
  return (route: string, epoch: string): SeenNoise | null => {
    const ledger = ledgers.find(route, epoch)
    const repeats = ledger?.repeats() ?? 0
    if (ledger === null || repeats === 0) return null
    const last = known.get(ledger)
    if (last?.repeats === repeats) return last
    const next = { repeats, places: redacted(ledger.counts()) }
    known.set(ledger, next)
    return next
  }
}

export const createShownNoise = (parts: ShownNoiseParts): ShownNoise => {
  const { ledgers, writeLedgers, redactNoise } = parts
  const repeated = createShown(ledgers, redactedPlaces(redactNoise))
  const written = createShown(writeLedgers, redactedForms(redactNoise))
  return (route, epoch) => {
    const [noise, writeNoise] = [repeated(route, epoch), written(route, epoch)]
    return { ...(noise && { noise }), ...(writeNoise && { writeNoise }) }
  }
}

/** Legacy as a recording knows it: what it was known to vary in, and what it said when it was asked again. */
import type { NoiseLedger } from '../compare/noise-ledger.ts'
import type { ShadowTarget } from '../shadow/shadow-route.ts'
import { wholeBody } from '../targets/body.ts'
import type { Observation } from '../targets/send.ts'
import type { RecordedComparison } from './recorded.ts'
import { isWhole } from './replay-choice.ts'

const answering = (seen: Observation): ShadowTarget => ({
  name: 'the recording',
  places: Number.MAX_SAFE_INTEGER,
  maxMs: 60_000,
  queueMs: 0,
  sheds: {},
  within: () => async () => ({
    ...{ from: 'legacy', status: seen.status ?? 0, reason: '', headers: seen.headers },
    ...{ body: wholeBody(seen.body.bytes ?? new Uint8Array(), seen.trailers) },
    ...{ failure: null, instead: null, targetMs: seen.targetMs },
  }),
})

/** In legacy's place where it is asked once more; null: it was not, or did not answer in full. */
export const legacyAgainThen = (compared: RecordedComparison | null): ShadowTarget | null => {
  const seen = compared?.legacyAgain ?? null
  return seen !== null && isWhole(seen) ? answering(seen) : null
}

/** With what was known for noise then beside what is learned now. */
export const withNoiseThen = (
  ledger: NoiseLedger,
  compared: RecordedComparison | null,
): NoiseLedger => ({
  ...ledger,
  places: () => [...(compared?.noise ?? []), ...ledger.places()],
})

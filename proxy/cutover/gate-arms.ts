/** Gates over what real callers got from both arms of a canary: were the bad events modern's? */
import type { Gate } from '../config/cutover-config.ts'
import { type CanaryCount, type Evidence, unseenShare } from './evidence.ts'
import { compareArms, ratePrior, type Side, upperBound } from './mixture.ts'
import {
  type Found,
  type GateOptions,
  type GateVerdict,
  grouped,
  percent,
  plural,
} from './verdict.ts'

const mostSilentMs = 30 * 60_000

/** Where hardly anything is bad in either arm, this much of modern's requests is as good as nothing. */
const hardlyAny = 0.01

interface ArmState {
  readonly canary: CanaryCount
  readonly gate: Gate
  readonly bad: CanaryCount['errors']
  readonly share: number
  readonly side: Side
  /** Share of modern's requests that cannot be ruled out to be bad. */
  readonly upper: number
}

const counted = ({ bad, canary }: ArmState): string =>
  `${grouped(bad.modern)} bad of ${plural(canary.requests.modern, 'request')} to modern, ${grouped(bad.legacy)} of ${grouped(canary.requests.legacy)} to legacy`

const worse = (state: ArmState): Found => {
  const { bad, gate, canary } = state
  const sentence = `${counted(state)}: more than ${gate.tolerance} times as bad`
  if (bad.modern >= gate.minEvents && canary.callers >= gate.minKeys)
    return { verdict: 'fail', reason: 'limit', sentence }
  const few = `${plural(canary.callers, 'caller')} and ${plural(bad.modern, 'event')}`
  return { verdict: 'inconclusive', reason: 'callers', sentence: `${sentence}, but only ${few}` }
}

const judged = (state: ArmState): Found => {
  const { side, canary, gate, upper } = state
  if (side === 'above') return worse(state)
  if (canary.requests.modern < gate.minSamples) {
    const more = plural(gate.minSamples - canary.requests.modern, 'more request')
    return {
      verdict: 'collecting',
      reason: 'samples',
      sentence: `${counted(state)}; needs ${more} to modern`,
    }
  }
  if (side === 'below')
    return { verdict: 'pass', reason: null, sentence: `${counted(state)}: not worse than legacy` }
  if (upper <= hardlyAny)
    return {
      verdict: 'pass',
      reason: null,
      sentence: `${counted(state)}: fewer than ${percent(hardlyAny)} of modern's are bad`,
    }
  return {
    verdict: 'inconclusive',
    reason: 'evidence',
    sentence: `${counted(state)}: too few to tell`,
  }
}

const arms = (canary: CanaryCount, gate: Gate): ArmState => {
  const bad = gate.signal === 'canary.slow' ? canary.slow : canary.errors
  const { modern, legacy } = canary.requests
  const share = modern / Math.max(1, modern + legacy)
  const chance = 1 - gate.confidenceBp / 10_000
  const isSplit = share > 0 && share < 1
  const counts = { modernBad: bad.modern, legacyBad: bad.legacy, share }
  return {
    canary,
    gate,
    bad,
    share,
    side: isSplit ? compareArms(counts, gate.tolerance ?? 1, chance) : 'open',
    upper: upperBound(bad.modern, modern, chance, ratePrior(hardlyAny)),
  }
}

const silent = (sentence: string): Found => ({ verdict: 'no_data', reason: 'silent', sentence })

const foundOf = (state: ArmState | null, silenceMs: number): Found => {
  if (state === null || state.canary.requests.modern === 0)
    return silent('no real caller has been answered by modern')
  return state.side !== 'above' && silenceMs > mostSilentMs
    ? silent('nothing was counted for half an hour: is there any traffic?')
    : judged(state)
}

export const judgeArms = (evidence: Evidence, gate: Gate, { now }: GateOptions): GateVerdict => {
  const { canary } = evidence
  const state = canary === undefined ? null : arms(canary, gate)
  return {
    ...foundOf(state, now - evidence.last),
    signal: gate.signal,
    etaMs: null,
    needed: null,
    seen: canary?.requests.modern ?? 0,
    bad: state?.bad.modern ?? 0,
    limit: null,
    upper: state?.upper ?? 1,
    unseen: unseenShare(evidence),
  }
}

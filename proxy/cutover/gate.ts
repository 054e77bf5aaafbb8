/**
 * Whether the evidence suffices. Pure, and valid however often it is asked: a gate that looks a
 * thousand times promotes what is not good enough with no more than the chance it was given.
 */
import type { Gate, Signal } from '../config/cutover-config.ts'
import { type Evidence, unseenNeeds, unseenShare } from './evidence.ts'
import { judgeArms } from './gate-arms.ts'
import { decide } from './gate-hurdles.ts'
import { mostUnseen, stateOf } from './gate-obstacles.ts'
import { ratePrior, sideOf, trialsUntilBelow, upperBound } from './mixture.ts'
import { type Pace, paceOf } from './pace.ts'
import type { Found, GateOptions, GateReason, GateVerdict, Stream } from './verdict.ts'

type ShadowSignal = Extract<Signal, `shadow.${string}`>

const streams: Readonly<Record<ShadowSignal, (evidence: Evidence) => Stream>> = {
  'shadow.mismatch': ({ bad, trials }) => ({ bad, count: trials }),
  'shadow.regression': ({ regressions = 0, trials }) => ({ bad: regressions, count: trials }),
  'shadow.slow': ({ slow = 0, timed = 0 }) => ({ bad: slow, count: timed }),
}

const hour = 3_600_000

/** Different requests that are still needed; null: never, as it goes. */
const neededOf = (
  evidence: Evidence,
  stream: Stream,
  { minSamples }: Gate,
  { limit, chance }: { readonly limit: number; readonly chance: number },
): number | null => {
  const isMet = sideOf(stream, limit, chance) === 'below'
  const until = isMet ? stream.count : trialsUntilBelow(stream, limit, chance)
  const unseen = unseenNeeds(evidence, mostUnseen)
  if (until === null || unseen === null) return null
  const more = Math.max(until, minSamples) - stream.count
  return Math.max(0, more, unseen)
}

const givenPace = ({ rate }: GateOptions): Pace | null =>
  rate === undefined ? null : { rate, overMs: 0 }

const etaOf = (
  needed: number | null,
  evidence: Evidence,
  { minHours }: Gate,
  pace: Pace | null,
): number | null => {
  const rate = pace?.rate ?? 0
  if (needed === null || (needed > 0 && rate <= 0)) return null
  const hoursLeft = minHours * hour - (evidence.last - evidence.since)
  return Math.max(0, needed === 0 ? 0 : needed / rate, hoursLeft)
}

/** Not each trial says something to each signal. */
const paceOfStream = (evidence: Evidence, { count }: Stream, { now }: GateOptions): Pace | null => {
  const pace = paceOf(evidence, now)
  return pace && { ...pace, rate: pace.rate * (count / Math.max(1, evidence.trials)) }
}

const broken = (sentence: string): Found => ({ verdict: 'error', reason: 'broken', sentence })

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** What makes no sense of a gate or of evidence; null: it does. */
const nonsense = (stream: Stream, limitBp: number, confidenceBp: number): Found | null => {
  if (!(limitBp > 0 && limitBp < 10_000))
    return broken(
      `a limit of ${limitBp / 100} % can be neither met nor missed: take 0.01 % or more`,
    )
  if (!(confidenceBp > 0 && confidenceBp < 10_000))
    return broken(`nothing is ever ${confidenceBp / 100} % sure: take a confidence such as 99 %`)
  if (!isCount(stream.bad) || !isCount(stream.count) || stream.bad > stream.count)
    return broken('the evidence holds counts that make no sense')
  return null
}

const patience: ReadonlySet<GateReason | null> = new Set([
  null,
  'samples',
  'hours',
  'evidence',
  'unseen',
])

/** Whether waiting is all that is needed. */
const isPatience = ({ reason }: Found): boolean => patience.has(reason)

const judgeShadow = (
  evidence: Evidence,
  gate: Gate,
  signal: ShadowSignal,
  options: GateOptions,
): GateVerdict => {
  const { limitBp, confidenceBp } = gate
  const stream = streams[signal](evidence)
  const { bad, count } = stream
  const wrong = nonsense(stream, limitBp ?? 0, confidenceBp)
  const limit = (limitBp ?? 0) / 10_000
  const chance = 1 - confidenceBp / 10_000
  const numbers = { signal, seen: count, bad, limit, unseen: unseenShare(evidence) }
  if (wrong !== null) return { ...wrong, ...numbers, etaMs: null, needed: null, upper: 1 }
  const needed = neededOf(evidence, stream, gate, { limit, chance })
  const pace = givenPace(options) ?? paceOfStream(evidence, stream, options)
  const etaMs = etaOf(needed, evidence, gate, pace)
  const state = stateOf({ evidence, gate, options, stream, limit, chance, needed, pace, etaMs })
  const found = decide(state)
  return {
    ...found,
    ...numbers,
    etaMs: isPatience(found) ? state.etaMs : null,
    needed: isPatience(found) ? needed : null,
    upper: upperBound(bad, count, chance, ratePrior(limit)),
  }
}

const isShadow = (signal: Signal): signal is ShadowSignal => signal.startsWith('shadow.')

/** The verdict of a gate over evidence that has been merged from all instances. Never throws. */
export const gate = (evidence: Evidence, about: Gate, options: GateOptions): GateVerdict =>
  isShadow(about.signal)
    ? judgeShadow(evidence, about, about.signal, options)
    : judgeArms(evidence, about, options)

/** What a gate says of a route, and the words for it. docs/reference/gates.md carries them (tested). */
import type { Effects, Route } from '../config/config.ts'
import type { Signal } from '../config/cutover-config.ts'

export type Verdict = 'collecting' | 'no_data' | 'pass' | 'fail' | 'inconclusive' | 'error'

// biome-ignore format: a table reads best as a table
export const verdicts: Readonly<Record<Verdict, string>> = {
  collecting:   'too little has been seen to say anything',
  no_data:      'nothing has been seen for half an hour: neither good nor bad',
  pass:         'proven good enough',
  fail:         'proven not good enough',
  inconclusive: 'proven neither good nor bad by as much as was asked for, or something stands in the way; the sentence says what, and how many more it takes',
  error:        'the gate itself cannot be judged',
}

/** What stands in the way of a pass. Stable words, for metrics and alerts. */
export type GateReason =
  | 'confirmed'
  | 'regressed'
  | 'limit'
  | 'silent'
  | 'samples'
  | 'hours'
  | 'callers'
  | 'captured'
  | 'lanes'
  | 'shed'
  | 'inconclusive'
  | 'sessions'
  | 'full'
  | 'unseen'
  | 'evidence'
  | 'broken'

// biome-ignore format: a table reads best as a table
export const gateReasons: Readonly<Record<GateReason, string>> = {
  broken:       'the gate or the evidence holds numbers that make no sense',
  confirmed:    'a mismatch was confirmed by asking both targets again',
  regressed:    'at a noisy place modern differs more often than legacy does from itself',
  limit:        'the share of bad trials is proven to be above the limit',
  silent:       'nothing was sampled for half an hour',
  samples:      'too few different requests',
  hours:        'the evidence covers too short a time',
  callers:      'too few different callers, or too few bad events',
  captured:     'writes were only captured: whether they would have been committed is not known',
  lanes:        'more than one sample in a hundred found no lane: the handlers cannot be loaded, or ended theirs too often',
  shed:         'more than a fifth of the samples was shed: what was left out may be what fails',
  inconclusive: 'more than a tenth of the samples could not be compared',
  sessions:     'requests with a session differed and could not be judged, or too few of them were compared',
  full:         'there are more different requests than can be told apart',
  unseen:       'more than 1 % of the traffic has a shape that was hardly ever seen',
  evidence:     'neither good nor bad is proven yet',
}

/** A verdict in words, before the numbers are put beside it. */
export interface Found {
  readonly verdict: Verdict
  /** What decided it; null for `pass`. */
  readonly reason: GateReason | null
  /** One sentence for people. */
  readonly sentence: string
}

export interface GateOptions {
  /** Unix milliseconds. */
  readonly now: number
  /** Different requests a millisecond; absent: of the last hour, as the evidence has it. */
  readonly rate?: number
  /** Of the route; absent: `read`. */
  readonly effects?: Effects | null
  readonly writes?: Route['writes']
  /** Whether contract tests, a cage or what legacy committed speak for its writes as well. */
  readonly isProvenElsewhere?: boolean
}

/** What a gate counts. */
export interface Stream {
  readonly bad: number
  readonly count: number
}

export interface GateVerdict extends Found {
  readonly signal: Signal
  /** Milliseconds until it passes if all goes on like this; null: never, or it cannot be foretold, and the sentence says why. */
  readonly etaMs: number | null
  /** Different requests that are still needed; 0: none. Null: not known, or never. */
  readonly needed: number | null
  /** Trials so far, and how many of them were bad. */
  readonly seen: number
  readonly bad: number
  /** Share of bad trials that is allowed; null: the gate compares two arms. */
  readonly limit: number | null
  /** Share of bad trials that cannot be ruled out at the gate's confidence. */
  readonly upper: number
  /** Share of the traffic whose shape has not been seen. */
  readonly unseen: number
}

/** 1240 → `1 240` */
export const grouped = (count: number): string =>
  String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ' ')

/** 0.001 → `0.1 %` */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** `about 3 h` */
export const about = (ms: number): string => {
  if (ms < minute) return 'less than a minute'
  if (ms < 90 * minute) return `about ${Math.round(ms / minute)} min`
  return ms < 2 * day ? `about ${Math.round(ms / hour)} h` : `about ${Math.round(ms / day)} days`
}

/** `1 hour`, `2 hours` */
export const plural = (count: number, one: string, many: string = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`

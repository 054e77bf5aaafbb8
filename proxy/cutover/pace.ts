/** How fast trials come at present: those of the last hour, in steps that add up across instances. Pure. */
import type { Evidence } from './evidence.ts'

/** Trials by the step in which they came: Unix time in units of five minutes. */
export type Recent = NonNullable<Evidence['recent']>

const stepMs = 300_000
/** The present one included. */
const steps = 12

const stepOf = (ms: number): number => Math.floor(ms / stepMs)

/** Those of the last hour that is spoken of. */
export const latest = (counts: ReadonlyMap<string, number>): Recent => {
  const first = Math.max(...[...counts.keys()].map(Number)) - steps + 1
  return Object.fromEntries([...counts].filter(([step]) => Number(step) >= first))
}

export interface RecentCount {
  /** @param at Unix milliseconds */
  add(at: number): void
  counts(): Recent
}

export const countRecent = (before: Recent = {}): RecentCount => {
  let counts = new Map(Object.entries(before))
  return {
    add(at) {
      const step = String(stepOf(at))
      counts.set(step, (counts.get(step) ?? 0) + 1)
      if (counts.size > steps) counts = new Map(Object.entries(latest(counts)))
    },
    counts: () => latest(counts),
  }
}

export interface Pace {
  /** Trials a millisecond; 0: none came. */
  readonly rate: number
  /** Milliseconds of which this is told. */
  readonly overMs: number
}

/** A shorter stretch says little of a rate, and that nothing came in it says nothing. */
const leastMs = 1_000
const leastSilenceMs = stepMs

type Seen = Pick<Evidence, 'trials' | 'since' | 'last' | 'recent'>

/** Of evidence that tells no recent trials: since it began. */
const wholePace = ({ trials, since, last }: Seen): Pace | null => {
  const overMs = last - since
  return trials > 0 && overMs >= leastMs ? { rate: trials / overMs, overMs } : null
}

/** Null: it is too early to tell. @param now Unix milliseconds */
export const paceOf = (evidence: Seen, now: number): Pace | null => {
  const { recent, since } = evidence
  if (recent === undefined) return wholePace(evidence)
  const first = stepOf(now) - steps + 1
  const trials = Object.entries(recent)
    .filter(([step]) => Number(step) >= first)
    .reduce((sum, [, count]) => sum + count, 0)
  const overMs = now - Math.max(since, first * stepMs)
  return overMs < (trials === 0 ? leastSilenceMs : leastMs)
    ? null
    : { rate: trials / overMs, overMs }
}

/** Requests that carry a session of legacy, which is never asked for one twice: how far they were judged. Pure. */
import type { Evidence } from './evidence.ts'
import { sideOf, trialsUntilBelow } from './mixture.ts'
import { grouped, percent, plural } from './verdict.ts'

export interface SessionCount {
  /** They came to a verdict, good or bad. */
  readonly judged: number
  /** Of these, trials: one request counts thrice at most, bad ones always. */
  readonly trials: number
  /** Trials that were bad. */
  readonly bad: number
  /** They differed, and nothing could tell noise from a fault. */
  readonly unjudged: number
  /** Legacy, as the shadow, was not asked: nothing was compared. */
  readonly unasked: number
}

export const sessionsOf = ({
  outcomes,
  judgedSessions: judged = 0,
  trialSessions: trials = 0,
  badSessions: bad = 0,
  unaskedSessions: unasked = 0,
}: Evidence): SessionCount => {
  const open = outcomes['inconclusive:session'] ?? 0
  return { judged, trials, bad, unjudged: Math.max(0, open - unasked), unasked }
}

/** So little of the traffic may be of a kind that nothing is known of. */
const mostUnknown = 0.01

const wayOut = 'say repeatable: true if legacy may be asked twice'

const isMuch = ({ outcomes }: Evidence, count: number): boolean => {
  const compared = Object.entries(outcomes)
    .filter(([name]) => !name.startsWith('shed'))
    .reduce((sum, [, each]) => sum + each, 0)
  return count > compared * mostUnknown
}

export interface SessionBound {
  /** Share of the requests with a session that may differ unjudged. */
  readonly most: number
  /** With which it may be wrong that those compared speak for those that were not. */
  readonly chance: number
}

/**
 * Which of them legacy is asked does not depend on what it would say: those that were compared
 * are drawn from all, and prove as much of the others as the number of different ones carries.
 */
const whyUnproven = (
  { trials, bad: badTrials, unjudged, unasked }: SessionCount,
  all: number,
  { most, chance }: SessionBound,
): string | null => {
  const stream = { bad: badTrials + unjudged, count: trials + unjudged }
  if (most > 0 && sideOf(stream, most, chance) === 'below') return null
  const { bad, count } = stream
  const until = most > 0 ? trialsUntilBelow(stream, most, chance) : null
  if (until === null && bad > 0)
    return `${grouped(bad)} of ${plural(count, 'different request')} with a session differed or failed, at most ${percent(most)} may, and ${grouped(unasked)} more were not compared, for a shadow never asks legacy for one: ${wayOut}`
  const more = until === null ? '' : `; about ${grouped(Math.max(1, until - count))} more may do`
  return `only ${plural(count, 'different request')} with a session, of ${grouped(all)}, ${count === 1 ? 'was' : 'were'} compared, for a shadow never asks legacy for one, too few to prove that at most ${percent(most)} of all differ${more}: ${wayOut}, or compare them while legacy answers`
}

/** Why requests with a session do not speak for modern, as a sentence; null: they do, or are few. */
export const whyUnjudged = (evidence: Evidence, bound: SessionBound): string | null => {
  const sessions = sessionsOf(evidence)
  const { judged, unjudged, unasked } = sessions
  const { most } = bound
  const compared = judged + unjudged
  const all = compared + unasked
  if (!isMuch(evidence, all)) return null
  if (compared === 0)
    return `none of ${plural(unasked, 'request')} with a session was compared, for a shadow never asks legacy for one: ${wayOut}`
  if (unjudged > compared * most)
    return `${grouped(unjudged)} of ${plural(compared, 'request')} with a session differed and could not be judged, at most ${percent(most)} may: ${wayOut}, or by a rule what may differ`
  // Even if all others differed, they would not be too many.
  return unjudged + unasked <= all * most ? null : whyUnproven(sessions, all, bound)
}

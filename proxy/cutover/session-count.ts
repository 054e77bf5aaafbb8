/** Requests that carry a session of legacy, which is never asked for one twice: how far they were judged. Pure. */
import type { Evidence } from './evidence.ts'
import { grouped, percent, plural } from './verdict.ts'

export interface SessionCount {
  /** They came to a verdict, good or bad. */
  readonly judged: number
  /** They differed, and nothing could tell noise from a fault. */
  readonly unjudged: number
  /** Legacy, as the shadow, was not asked: nothing was compared. */
  readonly unasked: number
}

export const sessionsOf = ({
  outcomes,
  judgedSessions: judged = 0,
  unaskedSessions: unasked = 0,
}: Evidence): SessionCount => {
  const open = outcomes['inconclusive:session'] ?? 0
  return { judged, unjudged: Math.max(0, open - unasked), unasked }
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

/**
 * Why requests with a session do not speak for modern, as a sentence; null: they do, or are few.
 *
 * @param most share of those compared that may differ unjudged
 */
export const whyUnjudged = (evidence: Evidence, most: number): string | null => {
  const { judged, unjudged, unasked } = sessionsOf(evidence)
  const compared = judged + unjudged
  if (!isMuch(evidence, compared + unasked)) return null
  if (compared === 0)
    return `none of ${plural(unasked, 'request')} with a session was compared, for a shadow never asks legacy for one: ${wayOut}`
  if (unjudged <= compared * most) return null
  return `${grouped(unjudged)} of ${plural(compared, 'request')} with a session differed and could not be judged, at most ${percent(most)} may: ${wayOut}, or by a rule what may differ`
}

/** What a replay came to: evidence for each route, and the exchanges that are worth a look. */
import { countTallies, type TallyCount } from '../cutover/count-tallies.ts'
import { createEvidence, type Evidence } from '../cutover/evidence.ts'
import type { Exemplar } from '../shadow/finding.ts'
import type { Concluded } from '../shadow/run.ts'
import type { SkipReason } from './replay-choice.ts'

export interface RouteCount {
  readonly evidence: Evidence
  /** Newest first; a bounded number. */
  readonly exemplars: readonly Exemplar[]
}

export interface ReplayCount {
  add(concluded: Concluded): void
  skip(why: SkipReason): void
  /** By route, in the order in which they came. */
  routes(): readonly RouteCount[]
  skipped(): Readonly<Partial<Record<SkipReason, number>>>
  /** Replayed so far. */
  done(): number
  /** Replayed or skipped so far. */
  seen(): number
  /** Of these, told alike or not: neither `inconclusive` nor `shed`. */
  compared(): number
  /** Outcomes that say that modern is not right. */
  bad(): number
}

const mostExemplars = 200

const openOutcomes: ReadonlySet<string> = new Set(['inconclusive', 'shed'])

const badOutcomes: ReadonlySet<string> = new Set([
  'mismatch',
  'shadow_error',
  'shadow_timeout',
  'shadow_unstable',
])

interface Page {
  readonly count: TallyCount
  readonly exemplars: Exemplar[]
}

export const createReplayCount = (now: () => number): ReplayCount => {
  const pages = new Map<string, Page>()
  const skipped: Partial<Record<SkipReason, number>> = {}
  let [done, seen, compared, bad] = [0, 0, 0, 0]
  const pageOf = (route: string, epoch: string): Page => {
    const known = pages.get(route)
    if (known !== undefined) return known
    const start = { route, epoch, instance: 'replay', now: now() }
    const made = { count: countTallies(createEvidence(start)), exemplars: [] }
    pages.set(route, made)
    return made
  }
  return {
    add({ tally, exemplar }) {
      const { count, exemplars } = pageOf(tally.route, tally.epoch)
      count.add(tally)
      done += 1
      seen += 1
      if (!openOutcomes.has(tally.outcome)) compared += 1
      if (badOutcomes.has(tally.outcome)) bad += 1
      if (exemplar === null) return
      exemplars.unshift(exemplar)
      exemplars.splice(mostExemplars)
    },
    skip(why) {
      skipped[why] = (skipped[why] ?? 0) + 1
      seen += 1
    },
    routes: () =>
      [...pages.values()].map(({ count, exemplars }) => ({
        evidence: count.evidence(),
        exemplars,
      })),
    skipped: () => skipped,
    done: () => done,
    seen: () => seen,
    compared: () => compared,
    bad: () => bad,
  }
}

/**
 * Tests of a rate that stay valid however often they are looked at (Robbins' mixture, Ville's
 * inequality; Lindon & Malek, arXiv 2011.03567). Pure.
 */
import { logBeta } from '../compare/log-beta.ts'

/** Where the weight of the alternatives lies: a beta distribution. */
export interface Prior {
  readonly a: number
  readonly b: number
}

/** For a rate that should be below a limit: most weight well below it. */
export const ratePrior = (limit: number): Prior => ({ a: 0.5, b: 2 / limit })

/** For a share that may be anywhere. */
export const sharePrior: Prior = { a: 0.5, b: 0.5 }

const times = (count: number, log: number): number => (count === 0 ? 0 : count * log)

/**
 * ln E that the rate is not `rate`, after `bad` of `count`: at ln(1 / chance) that is proven.
 *
 * @param rate above 0 and below 1
 */
export const logAgainst = (bad: number, count: number, rate: number, { a, b }: Prior): number =>
  logBeta(a + bad, b + count - bad) -
  logBeta(a, b) -
  times(bad, Math.log(rate)) -
  times(count - bad, Math.log1p(-rate))

export type Side = 'below' | 'above' | 'open'

/** On which side of the limit the rate is, wrong with at most that chance over all looks. */
export const sideOf = (
  { bad, count }: { readonly bad: number; readonly count: number },
  limit: number,
  chance: number,
  prior: Prior = ratePrior(limit),
): Side => {
  if (count === 0 || logAgainst(bad, count, limit, prior) < Math.log(1 / chance)) return 'open'
  return bad / count < limit ? 'below' : 'above'
}

const bisections = 60

/** The highest rate that is not ruled out; 1 of nothing. */
export const upperBound = (bad: number, count: number, chance: number, prior: Prior): number => {
  if (count === 0 || bad === count) return 1
  let [low, high] = [bad / count, 1]
  for (let i = 0; i < bisections; i++) {
    const middle = (low + high) / 2
    const isRuledOut = middle >= 1 || logAgainst(bad, count, middle, prior) >= Math.log(1 / chance)
    if (isRuledOut) high = middle
    else low = middle
  }
  return high
}

const most = 1e10

/**
 * How many trials there must be in all until a limit is met, if they go on as they went so far. Null:
 * never, as they went so far.
 */
export const trialsUntilBelow = (
  { bad, count }: { readonly bad: number; readonly count: number },
  limit: number,
  chance: number,
): number | null => {
  const rate = count === 0 ? 0 : bad / count
  if (rate >= limit / 1.2) return null
  const prior = ratePrior(limit)
  const isMet = (total: number): boolean =>
    logAgainst(rate * total, total, limit, prior) >= Math.log(1 / chance)
  let high = Math.max(1, count)
  while (!isMet(high) && high < most) high *= 2
  if (high >= most) return null
  let low = Math.max(0, Math.min(count, high) - 1)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isMet(middle)) high = middle
    else low = middle
  }
  return high
}

/** What two arms of a canary counted. */
export interface Arms {
  readonly modernBad: number
  readonly legacyBad: number
  /** Modern's share of the requests, above 0 and below 1. */
  readonly share: number
}

/**
 * Whether modern is worse than `tolerance` times legacy: of the bad events of both, how many are
 * modern's? Needs no rate of legacy's, and holds while traffic swings.
 */
export const compareArms = (
  { modernBad, legacyBad, share }: Arms,
  tolerance: number,
  chance: number,
): Side => {
  const even = (share * tolerance) / (share * tolerance + 1 - share)
  return sideOf({ bad: modernBad, count: modernBad + legacyBad }, even, chance, sharePrior)
}

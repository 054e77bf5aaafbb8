/**
 * What a repeat tells of a mismatch: both targets are asked once more, and each place of the answer
 * is judged by which of the four answers agree there. A single request so proves a difference that
 * never changes, and tells it from noise, from data that moved on, and from a shadow that
 * contradicts itself. Pure.
 */
import type { DiscordantPlace } from '../shadow/finding.ts'
import type { Target } from '../stage.ts'
import type { Observation } from '../targets/send.ts'
import { type CompareOptions, type Comparison, compare } from './compare.ts'
import { type Difference, gravest } from './difference.ts'
import { discordantIn } from './discordant.ts'
import { agreeAt, judgePlace, type Pairs, type PlaceVerdict, tellsNothing } from './judge-place.ts'
import { isNoisyDifference, type LearnedPlace, learnNoise } from './learn-noise.ts'
import type { NoisyPlace } from './noise.ts'
import type { InconclusiveReason, Outcome } from './outcome.ts'
import { namedPattern } from './place.ts'
import type { Rule } from './rule.ts'
import { mostListed } from './walk.ts'

/** What both targets did with one request, and with its repeat. Null: not repeated. */
export interface Sandwich {
  readonly legacy: Observation
  readonly modern: Observation
  readonly legacyAgain: Observation | null
  readonly modernAgain: Observation | null
}

export interface JudgedPlace {
  readonly path: string
  readonly pattern: string
  readonly kind: Difference['kind']
  readonly is: PlaceVerdict
}

export interface ConfirmOptions extends CompareOptions {
  /** Whether the request was chosen for A/A before anything was known of it. */
  readonly isChosen?: boolean
  /** Whose answer the client got; default `legacy`. */
  readonly primary?: Target
}

export interface Confirmation {
  readonly outcome: Outcome
  /** For `inconclusive`; null for every other outcome. */
  readonly reason: InconclusiveReason | null
  /** Whether the mismatch is proven. */
  readonly confirmed: boolean
  /** Of the first two answers; what turned out to be noise stands there. */
  readonly comparison: Comparison
  /** What became of each of its differences. */
  readonly places: readonly JudgedPlace[]
  /** Null: not chosen for A/A, or legacy's repeat tells nothing. */
  readonly discordant: readonly DiscordantPlace[] | null
  /** What legacy shows against itself here, for the ledger; empty where it was not repeated. */
  readonly noise: readonly LearnedPlace[]
}

/** Whether a repeat could tell more of it. */
export const needsRepeat = ({ outcome }: Comparison): boolean => outcome === 'mismatch'

/** That a server was too busy, or broke, says nothing of what it would have answered. */
const isRefusal = (status: number): boolean => status === 429 || status >= 500

const classOf = (status: number | null): number => Math.floor((status ?? 0) / 100)

/** A repeat of legacy's class, or of modern's where legacy's data may have moved on to it. */
const isOfOneKind = ({ legacy, modern, legacyAgain }: Sandwich): boolean => {
  const status = legacyAgain?.status ?? null
  if (status === null || status === legacy.status) return status !== null
  const classes = [legacy, modern].map((each) => classOf(each.status))
  return !isRefusal(status) && classes.includes(classOf(status))
}

/** Legacy against itself; null: the repeat failed, so it says nothing about the first answer. */
const usable = (again: Comparison | null, sandwich: Sandwich): Comparison | null =>
  again === null || tellsNothing.has(again.outcome) || !isOfOneKind(sandwich) ? null : again

/** The first that any place has decides. */
const outcomeBy: readonly (readonly [PlaceVerdict, Outcome])[] = [
  ['confirmed', 'mismatch'],
  ['open', 'mismatch'],
  ['unstable', 'shadow_unstable'],
  ['race', 'race'],
  ['noise', 'noise'],
]

const withNoise = (comparison: Comparison, places: readonly JudgedPlace[]): Comparison => {
  const noisy = comparison.differences.filter((_, at) => places[at]?.is === 'noise')
  if (noisy.length === 0) return comparison
  const differences = comparison.differences.filter((_, at) => places[at]?.is !== 'noise')
  return {
    ...comparison,
    outcome: differences.length === 0 ? 'noise' : comparison.outcome,
    differences,
    noise: [...comparison.noise, ...noisy],
    severity: gravest(differences),
  }
}

/** Known of so many names of an object that it says nothing of the one. */
const isCollapsed = (noise: readonly NoisyPlace[], place: Difference): boolean =>
  namedPattern(place) !== place.pattern &&
  !isNoisyDifference(
    noise.filter(({ names }) => names !== undefined),
    place,
  )

/** What is known for noise of a name's siblings alone, and legacy repeats alike, is to be judged. */
const withDoubted = (
  first: Comparison,
  legacies: Comparison | null,
  known: readonly NoisyPlace[],
): Comparison => {
  const doubted = first.noise.filter(
    (place) => isCollapsed(known, place) && agreeAt(legacies, place) === 'same',
  )
  if (doubted.length === 0) return first
  const differences = [...first.differences, ...doubted]
  return {
    ...first,
    outcome: 'mismatch',
    reason: null,
    differences,
    noise: first.noise.filter((place) => !doubted.includes(place)),
    severity: gravest(differences),
  }
}

type Between = (a: Observation, b: Observation | null) => Comparison | null

/** Repeats are compared as if no noise were known: it is what they are to tell. */
const comparing =
  (rules: readonly Rule[], options: CompareOptions): Between =>
  (a, b) =>
    b === null ? null : compare(a, b, rules, { ...options, noise: [] })

const judgeAll = (
  first: Comparison,
  { modern, legacyAgain, modernAgain }: Sandwich,
  legacies: Comparison | null,
  between: Between,
): readonly JudgedPlace[] => {
  if (!needsRepeat(first)) return []
  const pairs: Pairs = {
    legacies,
    moderns: between(modern, modernAgain),
    crossed: legacyAgain && between(legacyAgain, modern),
    noise: legacies === null ? [] : learnNoise(legacies),
  }
  return first.differences.map((place) => {
    const { path, pattern, kind } = place
    return { path, pattern, kind, is: judgePlace(pairs, place) }
  })
}

/**
 * Compares one request's answers, and tells by the repeats what a mismatch is. Never throws on
 * anything that a target sent. Where noise is known (`options.noise`), a value of legacy's shape is
 * never proven wrong by one request: two answers may agree there by chance.
 */
export const confirm = (
  sandwich: Sandwich,
  rules: readonly Rule[] = [],
  { isChosen = false, primary = 'legacy', ...options }: ConfirmOptions = {},
): Confirmation => {
  const { legacy, modern, legacyAgain } = sandwich
  const known =
    primary === 'legacy'
      ? compare(legacy, modern, rules, options)
      : compare(modern, legacy, rules, options)
  const between = comparing(rules, options)
  const legacies = usable(between(legacy, legacyAgain), sandwich)
  const first = withDoubted(known, legacies, options.noise ?? [])
  const places = judgeAll(first, sandwich, legacies, between)
  const comparison = withNoise(first, places)
  const isCut = first.omitted > 0 && first.differences.length === mostListed
  const found = new Set([...places.map((place) => place.is), ...(isCut ? ['open'] : [])])
  const [is, outcome] = outcomeBy.find(([each]) => found.has(each)) ?? []
  return {
    outcome: outcome ?? comparison.outcome,
    reason: comparison.reason,
    confirmed: is === 'confirmed',
    comparison,
    places,
    discordant: isChosen && legacies !== null ? discordantIn(first, legacies) : null,
    noise: legacies === null ? [] : learnNoise(legacies),
  }
}

/** Evidence of several instances about one route and epoch, as one. Pure: everything adds up. */
import { mergeNoise } from '../compare/merge-noise.ts'
import type { Target } from '../stage.ts'
import {
  type CanaryCount,
  type Evidence,
  mostPlaces,
  mostShapes,
  otherShapes,
  type PlaceCount,
} from './evidence.ts'
import { createFingerprints } from './fingerprints.ts'
import { latest } from './pace.ts'

type Counts = Readonly<Record<string, number>>

const added = (all: readonly Counts[]): Map<string, number> => {
  const sum = new Map<string, number>()
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) sum.set(name, (sum.get(name) ?? 0) + count)
  return sum
}

/** The most frequent ones; what does not fit is counted together. */
const boundedShapes = (counts: ReadonlyMap<string, number>): Counts => {
  if (counts.size <= mostShapes) return Object.fromEntries(counts)
  const named = [...counts].filter(([name]) => name !== otherShapes).sort(([, a], [, b]) => b - a)
  const kept = named.slice(0, mostShapes - 1)
  const others = named.slice(mostShapes - 1).reduce((sum, [, count]) => sum + count, 0)
  return { ...Object.fromEntries(kept), [otherShapes]: others + (counts.get(otherShapes) ?? 0) }
}

const placeKey = ({ pattern, kind, severity, as, rule }: PlaceCount): string =>
  JSON.stringify([pattern, kind, severity, as, rule])

const mergedPlaces = (all: readonly Evidence[]): readonly PlaceCount[] => {
  const places = new Map<string, PlaceCount>()
  for (const place of all.flatMap((each) => each.places)) {
    const key = placeKey(place)
    const seen = places.get(key)
    places.set(key, {
      ...place,
      count: place.count + (seen?.count ?? 0),
      modernAlone: place.modernAlone + (seen?.modernAlone ?? 0),
      legacyAlone: place.legacyAlone + (seen?.legacyAlone ?? 0),
    })
  }
  return [...places.values()].sort((a, b) => b.count - a.count).slice(0, mostPlaces)
}

const perTarget = (
  all: readonly CanaryCount[],
  read: (one: CanaryCount) => Readonly<Record<Target, number>>,
): Record<Target, number> => ({
  legacy: all.reduce((sum, one) => sum + read(one).legacy, 0),
  modern: all.reduce((sum, one) => sum + read(one).modern, 0),
})

/** One caller may have met several instances: the most that one of them saw is certain. */
const mergedCanary = (all: readonly CanaryCount[]): CanaryCount => ({
  requests: perTarget(all, ({ requests }) => requests),
  errors: perTarget(all, ({ errors }) => errors),
  slow: perTarget(all, ({ slow }) => slow),
  callers: Math.max(...all.map(({ callers }) => callers)),
})

/** All of them together, and how many sightings were then beyond the third of their request. */
const mergedFingerprints = (all: readonly Evidence[]): { text: string; beyond: number } => {
  const fingerprints = createFingerprints()
  const beyond = all.reduce((sum, one) => sum + fingerprints.merge(one.fingerprints ?? ''), 0)
  return { text: fingerprints.text(), beyond }
}

const sums = [
  ...(['uncounted', 'regressions', 'timed', 'slow', 'chosen', 'captured'] as const),
  ...(['judgedSessions', 'unaskedSessions', 'badSessions'] as const),
] as const

type Summed = (typeof sums)[number] | 'repeats' | 'confirmed' | 'trials' | 'bad' | 'trialSessions'

const sum = (all: readonly Evidence[], key: Summed): number =>
  all.reduce((total, one) => total + (one[key] ?? 0), 0)

/** Whose sightings were beyond the third is not known: what one of them counted is certain. */
const mergedTrialSessions = (all: readonly Evidence[], beyond: number): number =>
  Math.max(
    sum(all, 'badSessions'),
    sum(all, 'trialSessions') - beyond,
    ...all.map(({ trialSessions = 0 }) => trialSessions),
  )

/** Of the trials that several of them counted, no more than the merged count has. */
const mergedRecent = (all: readonly Evidence[], trials: number): Pick<Evidence, 'recent'> => {
  const told = all.flatMap(({ recent }) => (recent === undefined ? [] : [recent]))
  if (told.length === 0) return {}
  const share = trials / Math.max(1, sum(all, 'trials'))
  const counts = [...added(told)].map(([step, count]): [string, number] => [step, count * share])
  return { recent: latest(new Map(counts)) }
}

/**
 * What all of them saw together. A request that several instances saw counts thrice in all.
 *
 * @throws TypeError without any, or when they are about different routes or epochs
 */
export const mergeEvidence = (all: readonly Evidence[]): Evidence => {
  const [first, ...others] = all
  if (first === undefined) throw new TypeError('there is no evidence to merge')
  if (others.length === 0) return first
  const { route, epoch } = first
  if (others.some((one) => one.route !== route || one.epoch !== epoch))
    throw new TypeError('only evidence about one route and epoch can be merged')
  const { text, beyond } = mergedFingerprints(all)
  const bad = sum(all, 'bad')
  const trials = Math.max(bad, sum(all, 'trials') - beyond)
  const canary = all.flatMap((one) => one.canary ?? [])
  const parts = all.flatMap((one) => one.parts ?? [])[0]
  const noise = all.flatMap((one) => one.noise ?? [])
  const writeNoise = all.flatMap((one) => one.writeNoise ?? [])
  return {
    route,
    epoch,
    instance: [...new Set(all.flatMap(({ instance }) => instance.split(' ')))].join(' '),
    since: Math.min(...all.map(({ since }) => since)),
    last: Math.max(...all.map(({ last }) => last)),
    outcomes: Object.fromEntries(added(all.map(({ outcomes }) => outcomes))),
    confirmed: sum(all, 'confirmed'),
    trials,
    bad,
    shapes: boundedShapes(added(all.map(({ shapes }) => shapes))),
    places: mergedPlaces(all),
    fingerprints: text,
    repeats: sum(all, 'repeats') + beyond,
    ...Object.fromEntries(sums.map((key) => [key, sum(all, key)])),
    trialSessions: mergedTrialSessions(all, beyond),
    ...mergedRecent(all, trials),
    ...(canary.length === 0 ? {} : { canary: mergedCanary(canary) }),
    ...(noise.length === 0 ? {} : { noise: mergeNoise(noise) }),
    ...(writeNoise.length === 0 ? {} : { writeNoise: mergeNoise(writeNoise) }),
    ...(parts === undefined ? {} : { parts }),
    resetReason: all.find(({ resetReason }) => resetReason != null)?.resetReason ?? null,
  }
}

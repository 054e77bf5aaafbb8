/** Evidence of several instances about one route and epoch, as one. Pure: everything adds up. */
import type { Evidence, PlaceCount } from '../cutover/evidence.ts'

const mostShapes = 1_000
const mostPlaces = 500
const otherShapes = '*'

type Counts = Readonly<Record<string, number>>

const added = (all: readonly Counts[]): Record<string, number> => {
  const sum = new Map<string, number>()
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) sum.set(name, (sum.get(name) ?? 0) + count)
  return Object.fromEntries(sum)
}

const mostOften = (counts: Counts): [string, number][] =>
  Object.entries(counts).sort(([, a], [, b]) => b - a)

/** The most frequent ones; what does not fit is counted together. */
const boundedShapes = (counts: Counts): Counts => {
  const all = mostOften(counts)
  if (all.length <= mostShapes) return counts
  const named = all.filter(([name]) => name !== otherShapes).slice(0, mostShapes - 1)
  const kept = Object.fromEntries(named)
  const total = all.reduce((sum, [, count]) => sum + count, 0)
  const shown = named.reduce((sum, [, count]) => sum + count, 0)
  return { ...kept, [otherShapes]: total - shown }
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

const sum = (all: readonly Evidence[], read: (one: Evidence) => number): number =>
  all.reduce((total, one) => total + read(one), 0)

/**
 * What all of them saw together.
 *
 * @throws TypeError without any, or when they are about different routes or epochs
 */
export const mergeEvidence = (all: readonly Evidence[]): Evidence => {
  const [first] = all
  if (first === undefined) throw new TypeError('there is no evidence to merge')
  const { route, epoch } = first
  if (all.some((one) => one.route !== route || one.epoch !== epoch))
    throw new TypeError('only evidence about one route and epoch can be merged')
  return {
    route,
    epoch,
    instance: [...new Set(all.flatMap(({ instance }) => instance.split(' ')))].join(' '),
    since: Math.min(...all.map(({ since }) => since)),
    last: Math.max(...all.map(({ last }) => last)),
    outcomes: added(all.map(({ outcomes }) => outcomes)),
    confirmed: sum(all, ({ confirmed }) => confirmed),
    trials: sum(all, ({ trials }) => trials),
    bad: sum(all, ({ bad }) => bad),
    shapes: boundedShapes(added(all.map(({ shapes }) => shapes))),
    places: mergedPlaces(all),
  }
}

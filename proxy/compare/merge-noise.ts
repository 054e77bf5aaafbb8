/** What several processes have seen of noise, as one. Pure: everything adds up. */
import type { NoiseCount } from './noise-ledger.ts'
import { joinShapes, type Shape } from './shape.ts'

/** What a ledger has come to, as it may be stored: no value of a target is in it. */
export interface SeenNoise {
  /** Exchanges it was learned from. */
  readonly repeats: number
  readonly places: readonly NoiseCount[]
}

const mostPlaces = 500

const keyOf = ({ pattern, kind }: NoiseCount): string => `${kind} ${pattern}`

/** That one of them had but few values stays known: it keeps a place from being taken for a random one. */
const joinedShape = (a: Shape | null, b: Shape | null): Shape | null => {
  if (a === null || b === null) return a ?? b
  return { ...joinShapes(a, b), values: a.values ?? b.values }
}

/** Absent types are any. */
const joinedTypes = (a: NoiseCount, b: NoiseCount): Pick<NoiseCount, 'types'> =>
  a.types === undefined || b.types === undefined
    ? {}
    : { types: [...new Set([...a.types, ...b.types])] }

const joined = (a: NoiseCount, b: NoiseCount): NoiseCount => ({
  pattern: a.pattern,
  kind: a.kind,
  shape: joinedShape(a.shape, b.shape),
  spreadMs: Math.max(a.spreadMs, b.spreadMs),
  ...joinedTypes(a, b),
  seen: a.seen + b.seen,
  isHidden: a.isHidden === true || b.isHidden === true,
})

export const mergeNoise = (all: readonly SeenNoise[]): SeenNoise => {
  const places = new Map<string, NoiseCount>()
  for (const place of all.flatMap((each) => each.places)) {
    const known = places.get(keyOf(place))
    places.set(keyOf(place), known === undefined ? place : joined(known, place))
  }
  return {
    repeats: all.reduce((sum, { repeats }) => sum + repeats, 0),
    places: [...places.values()].sort((a, b) => b.seen - a.seen).slice(0, mostPlaces),
  }
}

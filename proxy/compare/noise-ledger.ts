/** What a route's legacy has shown against itself so far: bounded, in memory only, one per route. */
import { type Bounds, boundsOf, joinBounds } from './bounds.ts'
import { type JsonValue, parseJson } from './json.ts'
import type { LearnedPlace } from './learn-noise.ts'
import type { NoisyPlace } from './noise.ts'
import { joinShapes, type Shape } from './shape.ts'

/** How noisy a place is, for suggestions. */
export interface NoiseCount extends NoisyPlace {
  /** Repeats in which it was noisy. */
  readonly seen: number
  /** Whether another name stands for it, since its own looks like a secret; absent: none does. */
  readonly isHidden?: boolean
}

export interface NoiseLedger {
  /** Takes in one repeat of legacy: `Confirmation.noise`, which is empty where nothing was noisy. */
  learn(places: readonly LearnedPlace[]): void
  /**
   * What is known for noise by now. A single time is not enough: the data may have changed just then,
   * and a place that is taken for noisy can no longer be proven wrong by one request.
   */
  places(): readonly NoisyPlace[]
  /** Everything that was noisy even once. */
  counts(): readonly NoiseCount[]
  /** Repeats it has learned from. */
  repeats(): number
}

interface Entry {
  pattern: string
  /** Null: too many to list. */
  names: ReadonlySet<string> | null
  kind: NoisyPlace['kind']
  shape: Shape | null
  spreadMs: number
  types: Set<string>
  standIns: Set<string>
  /** Null: none of its values was seen yet, or not whole. */
  bounds: Bounds | null
  /** JSON texts; null: too many to list, or none that can be. */
  values: ReadonlySet<string> | null
  seen: number
}

/** Beyond these the names of a pattern come and go like elements of a list. */
const mostNames = 20
const mostEntries = 500
const leastSeen = 2
/** As many values as an enumeration may have, and repeats until it is taken for one. */
const mostValues = 8
const repeatsForValues = 20
/** Repeats until it is no chance what the values have in common. */
const repeatsForBounds = 50

const join = (a: Shape | null, b: Shape | null): Shape | null =>
  a === null || b === null ? (a ?? b) : joinShapes(a, b)

const parsedValue = (text: string): JsonValue | undefined => {
  const parsed = parseJson(text)
  return 'value' in parsed ? parsed.value : undefined
}

const isScalarText = (text: string): boolean => {
  const value = parsedValue(text)
  return value !== undefined && (value === null || typeof value !== 'object')
}

/** One of few values that come again and again has no other ones. */
const shapeOf = ({ shape, values, seen }: Entry): Shape | null => {
  const isEnum = seen >= repeatsForValues && values !== null && values.size > 0
  return shape !== null && isEnum ? { ...shape, values: [...values] } : shape
}

const placeOf = (entry: Entry): NoiseCount => ({
  pattern: entry.pattern,
  kind: entry.kind,
  shape: shapeOf(entry),
  spreadMs: entry.spreadMs,
  types: [...entry.types],
  seen: entry.seen,
})

/** Names that are data stay here, and so do values: what is counted is stored. */
const namedPlaceOf = (entry: Entry): NoisyPlace => ({
  ...placeOf(entry),
  standIns: [...entry.standIns],
  ...(entry.bounds !== null && entry.seen >= repeatsForBounds && { bounds: entry.bounds }),
  ...(entry.names === null ? {} : { names: [...entry.names] }),
})

const created = ({ pattern, kind, shape, spreadMs }: LearnedPlace): Entry => ({
  pattern,
  names: new Set(),
  kind,
  shape,
  spreadMs,
  types: new Set(),
  standIns: new Set(),
  bounds: null,
  values: new Set(),
  seen: 0,
})

const listed = (known: Entry['values'], more: readonly string[]): Entry['values'] => {
  if (known === null || more.length === 0 || !more.every(isScalarText)) return null
  const all = new Set([...known, ...more])
  return all.size > mostValues ? null : all
}

const named = (known: Entry['names'], more: readonly string[] | undefined): Entry['names'] => {
  if (known === null || more === undefined) return null
  const all = new Set([...known, ...more])
  return all.size > mostNames ? null : all
}

const unbounded: Bounds = { number: null, token: null }

/** A value that is too long to be kept may be anything. */
const boundsIn = ({ types = [], values }: LearnedPlace): Bounds => {
  const bounds = values.map((text) => boundsOf(parsedValue(text) ?? null))
  const isWhole = values.length > 0 && types.length <= values.length
  return isWhole ? bounds.reduce(joinBounds) : unbounded
}

const takeIn = (entry: Entry, place: LearnedPlace, isFirst: boolean): void => {
  entry.names = named(entry.names, place.names)
  entry.shape = join(entry.shape, place.shape)
  entry.spreadMs = Math.max(entry.spreadMs, place.spreadMs)
  for (const type of place.types ?? []) entry.types.add(type)
  for (const text of place.standIns ?? []) entry.standIns.add(text)
  const bounds = place.kind === 'value' ? boundsIn(place) : unbounded
  entry.bounds = entry.bounds === null ? bounds : joinBounds(entry.bounds, bounds)
  entry.values = listed(entry.values, place.values)
  if (isFirst) entry.seen++
}

export const createNoiseLedger = (): NoiseLedger => {
  const entries = new Map<string, Entry>()
  let repeats = 0
  const counts = (): NoiseCount[] => [...entries.values()].map(placeOf)
  return {
    learn(places) {
      repeats++
      const seen = new Set<string>()
      for (const place of places) {
        const key = `${place.kind} ${place.pattern}`
        const entry = entries.get(key) ?? created(place)
        if (!entries.has(key) && entries.size >= mostEntries) continue
        entries.set(key, entry)
        takeIn(entry, place, !seen.has(key))
        seen.add(key)
      }
    },
    places: () => [...entries.values()].filter(({ seen }) => seen >= leastSeen).map(namedPlaceOf),
    counts,
    repeats: () => repeats,
  }
}

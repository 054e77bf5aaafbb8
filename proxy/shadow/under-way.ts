/** What is under way at present, told when it is over. */

export interface UnderWay<T> {
  /** Returns how to take it out again, which tells whether it was there. */
  add(value: T): () => boolean
  size(): number
  values(): readonly T[]
}

interface Place<T> {
  readonly value: T
  /** Null: it is over. */
  at: number | null
}

/**
 * An array, not a Set: what is put into a Set and taken out again for each request is kept alive by the
 * tables that the Set outgrows (docs/discoveries/v8-dead-requests-kept.md).
 */
export const createUnderWay = <T>(): UnderWay<T> => {
  const places: Place<T>[] = []
  const leave = (place: Place<T>): boolean => {
    const { at } = place
    const last = places.at(-1)
    if (at === null || last === undefined) return false
    place.at = null
    places.pop()
    if (last !== place) {
      last.at = at
      places[at] = last
    }
    return true
  }
  return {
    add(value) {
      const place: Place<T> = { value, at: places.length }
      places.push(place)
      return () => leave(place)
    },
    size: () => places.length,
    values: () => places.map(({ value }) => value),
  }
}

/** Chance that repeats itself: the same seed gives the same row of values on every machine. */
export interface SeededRandom {
  /** A whole number, both ends included. */
  int(min: number, max: number): number
  /** Throws a RangeError when the list is empty. */
  pick<T>(list: readonly T[]): T
  /** @param share 0..1 */
  chance(share: number): boolean
}

/**
 * mulberry32: 32 bits of state, enough to make data look lived in; never for secrets.
 *
 * @param seed a 32-bit whole number
 */
export const createSeededRandom = (seed: number): SeededRandom => {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return {
    int,
    pick(list) {
      const index = int(0, list.length - 1)
      if (index in list) return list[index] as (typeof list)[number]
      throw new RangeError('cannot pick from an empty list')
    },
    chance: (share) => next() < share,
  }
}

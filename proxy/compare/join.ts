/** Joins elements of two lists by what they are called or what they are. Pure. */
import type { JsonArray, JsonValue } from './json.ts'
import { keyText } from './key.ts'

export type Pair = readonly [legacy: number, modern: number]

/** What is not joined yet: places in both lists. */
export interface Rest {
  readonly legacy: readonly number[]
  readonly modern: readonly number[]
}

export interface Joined {
  readonly pairs: Pair[]
  readonly rest: Rest
}

const indexes = (list: JsonArray): number[] => list.map((_, at) => at)

export const everything = (legacy: JsonArray, modern: JsonArray): Rest => ({
  legacy: indexes(legacy),
  modern: indexes(modern),
})

/** Places by text: the last one added is taken first. Most texts are there once: they get no list. */
const createWaiting = (): {
  add(text: string, at: number): void
  take(text: string): number | undefined
} => {
  const first = new Map<string, number>()
  const others = new Map<string, number[]>()
  return {
    add(text, at) {
      const known = first.get(text)
      first.set(text, at)
      if (known === undefined) return
      const list = others.get(text)
      if (list === undefined) others.set(text, [known])
      else list.push(known)
    },
    take(text) {
      const found = first.get(text)
      if (found === undefined) return undefined
      const next = others.get(text)?.pop()
      if (next === undefined) first.delete(text)
      else first.set(text, next)
      return found
    },
  }
}

/** Pairs equal texts, each once, in the order of legacy; null texts pair with nothing. */
export const joinByText = (
  rest: Rest,
  legacyText: (at: number) => string | null,
  modernText: (at: number) => string | null,
): Joined => {
  const waiting = createWaiting()
  for (const at of rest.modern.toReversed()) {
    const text = modernText(at)
    if (text !== null) waiting.add(text, at)
  }
  const pairs: Pair[] = []
  const taken = new Set<number>()
  const left = rest.legacy.filter((index) => {
    const text = legacyText(index)
    const found = text === null ? undefined : waiting.take(text)
    if (found === undefined) return true
    pairs.push([index, found])
    taken.add(found)
    return false
  })
  return { pairs, rest: { legacy: left, modern: rest.modern.filter((at) => !taken.has(at)) } }
}

const none: ReadonlySet<string> = new Set()

/** Keys that several elements of one list have. */
const repeatedKeys = (lists: readonly JsonArray[], key: readonly string[]): ReadonlySet<string> => {
  const found = new Set<string>()
  for (const list of lists) {
    const seen = new Set<string>()
    for (const element of list) {
      const text = keyText(element, key)
      if (text !== null && seen.has(text)) found.add(text)
      if (text !== null) seen.add(text)
    }
  }
  return found
}

/**
 * Equal keys name several elements where a rule says which members they are: of these, equal ones first.
 *
 * @param nameOf tells equal elements; null: no key is there twice
 */
export const joinByKey = (
  legacy: JsonArray,
  modern: JsonArray,
  key: readonly string[],
  nameOf: ((element: JsonValue) => string) | null,
): Joined => {
  const all = everything(legacy, modern)
  const keyed = (list: JsonArray) => (at: number) => keyText(list[at], key)
  const repeated = nameOf === null ? none : repeatedKeys([legacy, modern], key)
  // Only of these: to write down whole elements costs much.
  const whole = (list: JsonArray) => (at: number) => {
    const text = keyText(list[at], key)
    return text === null || !repeated.has(text) ? null : (nameOf?.(list[at] ?? null) ?? null)
  }
  const equal =
    repeated.size > 0 ? joinByText(all, whole(legacy), whole(modern)) : { pairs: [], rest: all }
  const { pairs, rest } = joinByText(equal.rest, keyed(legacy), keyed(modern))
  return { pairs: [...equal.pairs, ...pairs], rest }
}

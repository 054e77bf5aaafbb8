/** How much two values have in common. Pure but for the budget. */
import { isJsonArray, type JsonArray, type JsonValue, jsonType } from './json.ts'
import { asObject } from './key.ts'
import type { Sameness } from './sameness.ts'

/** What a comparison has for laying its lists side by side. */
export interface Means {
  readonly sameness: Sameness
  /** Comparisons of two members that are left. */
  readonly budget: { left: number }
}

/** How much the elements at two places have in common, 0..1. */
export type Overlap = (legacy: number, modern: number) => number

type Parts = ReadonlyMap<string, string>

const partsOf = (value: JsonValue, { nameOf }: Sameness): Parts | null => {
  const members = asObject(value)?.members
  if (members !== undefined)
    return new Map([...members].map(([name, each]) => [name, nameOf(each)]))
  if (typeof value !== 'object' || value === null || !isJsonArray(value)) return null
  return new Map(value.map((each, at) => [String(at), nameOf(each)]))
}

/** A shared value counts fully, a shared name a little: unlike objects of one kind still belong together. */
const nameAlone = 0.25

const shared = (a: Parts, b: Parts): number => {
  let alike = 0
  let both = 0
  for (const [name, text] of a) {
    const other = b.get(name)
    if (other === undefined) continue
    both++
    alike += other === text ? 1 : nameAlone
  }
  const all = a.size + b.size - both
  return all === 0 ? 1 : alike / all
}

/** Each element is taken apart once, however often it is asked for. */
export const likenesses = (
  legacy: JsonArray,
  modern: JsonArray,
  { sameness, budget }: Means,
): Overlap => {
  const known = [new Map<number, Parts | null>(), new Map<number, Parts | null>()] as const
  const take = (list: JsonArray, cache: Map<number, Parts | null>, at: number): Parts | null => {
    const cached = cache.get(at)
    if (cached !== undefined) return cached
    const parts = partsOf(list[at] ?? null, sameness)
    cache.set(at, parts)
    return parts
  }
  return (left, right) => {
    const [a, b] = [take(legacy, known[0], left), take(modern, known[1], right)]
    budget.left -= 1 + (a?.size ?? 0)
    const isSameType = jsonType(legacy[left] ?? null) === jsonType(modern[right] ?? null)
    if (a === null || b === null || !isSameType) return isSameType ? nameAlone : 0
    return shared(a, b)
  }
}

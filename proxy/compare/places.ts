/** Every place that a JSON value has, as patterns: what a linter of rules holds them against. Pure. */
import { isJsonArray, type JsonValue } from './json.ts'
import { asObject } from './key.ts'
import { type Place, placeBelow, placeOf, type Step } from './place.ts'

const element: Step = { name: '', index: 0, label: null, has: () => false }

const childrenOf = (value: JsonValue): (readonly [Step, JsonValue])[] => {
  const members = asObject(value)?.members
  if (members !== undefined) return [...members]
  const isList = typeof value === 'object' && value !== null && isJsonArray(value)
  return isList ? value.map((item) => [element, item] as const) : []
}

/** Patterns as in `Difference.pattern`, of scalars and of empty lists and objects. */
export const placesOf = (value: JsonValue): string[] => {
  const found = new Set<string>()
  const visit = (each: JsonValue, place: Place): void => {
    const children = childrenOf(each)
    if (children.length === 0) found.add(place.pattern)
    for (const [step, child] of children) visit(child, placeBelow('body', place, step))
  }
  visit(value, placeOf('body'))
  return [...found]
}

/** Every place that a JSON value has, as patterns: what rules are held against. Pure. */
import { holdsData } from './data-names.ts'
import { isJsonArray, type JsonValue } from './json.ts'
import { asObject } from './key.ts'
import { type Place, placeBelow, placeOf, type Step } from './place.ts'

const element: Step = { name: '', index: 0, label: null, has: () => false }

const isList = (value: JsonValue): value is readonly JsonValue[] =>
  typeof value === 'object' && value !== null && isJsonArray(value)

const childrenOf = (value: JsonValue): (readonly [Step, JsonValue])[] => {
  if (isList(value)) return value.map((item) => [element, item] as const)
  const object = asObject(value)
  if (object === null) return []
  const isData = holdsData(object)
  return [...object.members].map(([name, child]) => [isData ? { data: name } : name, child])
}

/** Patterns, as in `Difference.pattern`, of the values that are asked for. */
const patternsOf = (
  value: JsonValue,
  isAsked: (value: JsonValue, isEmpty: boolean) => boolean,
): ReadonlySet<string> => {
  const found = new Set<string>()
  const visit = (each: JsonValue, place: Place): void => {
    const children = childrenOf(each)
    if (isAsked(each, children.length === 0)) found.add(place.pattern)
    for (const [step, child] of children) visit(child, placeBelow('body', place, step))
  }
  visit(value, placeOf('body'))
  return found
}

/** Of scalars and of empty lists and objects. */
export const placesOf = (value: JsonValue): string[] => [
  ...patternsOf(value, (_, isEmpty) => isEmpty),
]

/** Of lists that hold something. */
export const listPlacesOf = (value: JsonValue): ReadonlySet<string> =>
  patternsOf(value, (each, isEmpty) => isList(each) && !isEmpty)

/** Two JSON values, member by member, element by element. */
import { type Alignment, align, isInOrder } from './align.ts'
import { holdsData } from './data-names.ts'
import { isJsonArray, type JsonArray, type JsonObject, type JsonValue, jsonType } from './json.ts'
import { asObject, nameText } from './key.ts'
import { haveLostDigits, numberDifference } from './number.ts'
import type { ItemStep } from './place.ts'
import { sameIdClass } from './shape.ts'
import type { Walk } from './walk.ts'

const scalarText = (value: JsonValue): string => nameText(value) ?? String(value)

/** What became of an id that is none any more, or lost its digits, no name excuses. */
const mayBeNamed = (legacy: JsonValue, modern: JsonValue): boolean => {
  const isNumber = jsonType(legacy) === 'number'
  const hasLost =
    isNumber && numberDifference(scalarText(legacy), scalarText(modern)) === 'precision'
  return !hasLost && sameIdClass(legacy, modern)
}

/** Whether an identity rule settles it. */
const isSettledByName = (walk: Walk, legacy: JsonValue, modern: JsonValue): boolean => {
  const { identities } = walk
  if (identities === null) return false
  const rule = walk.rule('identity')
  if (rule === null) return isRenamed(walk, legacy, modern)
  if (!mayBeNamed(legacy, modern)) return false
  const [left, right] = [scalarText(legacy), scalarText(modern)]
  if (!identities.bind(left, right)) walk.report('identity', legacy, modern)
  else if (left !== right) walk.excuse(rule, 'value', legacy, modern)
  return true
}

const isRenamed = (walk: Walk, legacy: JsonValue, modern: JsonValue): boolean => {
  const { identities, identityRule } = walk
  if (typeof legacy !== 'string' || typeof modern !== 'string') return false
  if (identities === null || identityRule === null) return false
  const agrees = identities.agree(legacy, modern)
  if (agrees && legacy !== modern) walk.excuse(identityRule, 'value', legacy, modern)
  else if (!agrees && legacy === modern) walk.report('identity', legacy, modern)
  return agrees || legacy === modern
}

const compareNumbers = (walk: Walk, legacy: JsonValue, modern: JsonValue): void => {
  const kind = numberDifference(scalarText(legacy), scalarText(modern))
  if (kind !== 'same') walk.report(kind, legacy, modern)
}

const kindOfTexts = (legacy: JsonValue, modern: JsonValue): 'value' | 'precision' =>
  typeof legacy === 'string' && typeof modern === 'string' && haveLostDigits(legacy, modern)
    ? 'precision'
    : 'value'

/** Two scalars of one type. */
export const compareScalars = (walk: Walk, legacy: JsonValue, modern: JsonValue): void => {
  if (isSettledByName(walk, legacy, modern) || legacy === modern) return
  if (jsonType(legacy) === 'number') compareNumbers(walk, legacy, modern)
  else walk.report(kindOfTexts(legacy, modern), legacy, modern)
}

const compareMember = (walk: Walk, left?: JsonValue, right?: JsonValue): void => {
  if (left === undefined) walk.report('extra', left, right)
  else if (right === undefined) walk.report('missing', left, right)
  else compareJson(walk, left, right)
}

/** By name, the values that later ones of that name hide. */
const hiddenOf = ({ repeated, hidden }: JsonObject): Map<string, JsonValue[]> => {
  const values = new Map<string, JsonValue[]>()
  for (const [at, name] of repeated.entries()) {
    const known = values.get(name)
    if (known === undefined) values.set(name, [hidden[at] ?? null])
    else known.push(hidden[at] ?? null)
  }
  return values
}

/** Of what is hidden, what both have: that only one side repeats a name is a difference of its own. */
const hiddenPairs = (legacy: JsonObject, modern: JsonObject): [string, JsonValue, JsonValue][] => {
  if (legacy.hidden.length === 0 || modern.hidden.length === 0) return []
  const others = hiddenOf(modern)
  return [...hiddenOf(legacy)].flatMap(([name, values]) =>
    (others.get(name) ?? [])
      .slice(0, values.length)
      .map((other, at): [string, JsonValue, JsonValue] => [name, values[at] ?? null, other]),
  )
}

const compareObjects = (walk: Walk, legacy: JsonObject, modern: JsonObject): void => {
  if (walk.identities === null && walk.sameness.isSame(legacy, modern)) return
  const isData = holdsData(legacy) || holdsData(modern)
  const compareNamed = (name: string, left?: JsonValue, right?: JsonValue): void => {
    walk.enter(isData ? { data: name } : name)
    compareMember(walk, left, right)
    walk.leave()
  }
  for (const [name, value] of legacy.members) compareNamed(name, value, modern.members.get(name))
  for (const [name, value] of modern.members)
    if (!legacy.members.has(name)) compareNamed(name, undefined, value)
  for (const [name, left, right] of hiddenPairs(legacy, modern)) compareNamed(name, left, right)
  const [left, right] = [legacy, modern].map(({ repeated }) => [...repeated].sort())
  if (left !== undefined && right !== undefined && !walk.sameness.isSame(left, right))
    walk.report('repeated', left, right)
}

const labelOf = (key: readonly string[], element: JsonValue | undefined): string | null => {
  const [name] = key
  const text = name === undefined ? null : nameText(asObject(element)?.members.get(name))
  return text === null || key.length > 1 ? null : `${name}=${text}`
}

const itemStep = (
  index: number,
  label: string | null,
  elements: readonly (JsonValue | undefined)[],
): ItemStep => ({
  name: '',
  index,
  label,
  has: (key, text) =>
    elements.some((element) => nameText(asObject(element)?.members.get(key)) === text),
})

const inOrder = (list: JsonArray, places: readonly number[], key: readonly string[]): JsonArray => {
  const [name] = key
  const elements = places.map((at) => list[at] ?? null)
  if (name === undefined) return elements
  return elements.map((element) => asObject(element)?.members.get(name) ?? element)
}

const reportOrder = (walk: Walk, legacy: JsonArray, modern: JsonArray, found: Alignment): void => {
  const isSorted = walk.rule('order')?.options.order === 'sorted'
  const key = isSorted ? [] : found.key
  const left = found.pairs.map(([at]) => at)
  const right = found.pairs.map(([, at]) => at).sort((a, b) => a - b)
  walk.report('order', inOrder(legacy, left, key), inOrder(modern, right, key))
}

const compareArrays = (walk: Walk, legacy: JsonArray, modern: JsonArray): void => {
  if (walk.identities === null && walk.sameness.isSame(legacy, modern)) return
  const by = walk.rule('key')?.options.by ?? null
  const found = align(legacy, modern, by, walk)
  const at = (index: number, left?: JsonValue, right?: JsonValue): void =>
    walk.enter(itemStep(index, labelOf(found.key, left ?? right), [left, right]))
  for (const [index, other] of found.pairs) {
    const [left = null, right = null] = [legacy[index], modern[other]]
    if (walk.identities === null && walk.sameness.isSame(left, right)) continue
    at(index, left, right)
    compareJson(walk, left, right)
    walk.leave()
  }
  if (!isInOrder(found)) reportOrder(walk, legacy, modern, found)
  if (found.isOpen) {
    walk.report('unaligned', legacy, modern)
    return
  }
  for (const index of found.missing) {
    at(index, legacy[index], undefined)
    walk.report('missing', legacy[index], undefined)
    walk.leave()
  }
  for (const index of found.extra) {
    at(index, undefined, modern[index])
    walk.report('extra', undefined, modern[index])
    walk.leave()
  }
}

/** Reports every place at which two values differ. */
export const compareJson = (walk: Walk, legacy: JsonValue, modern: JsonValue): void => {
  const type = jsonType(legacy)
  if (type !== jsonType(modern)) {
    walk.report('type', legacy, modern)
    return
  }
  if (isJsonArray(legacy) && isJsonArray(modern)) {
    compareArrays(walk, legacy, modern)
    return
  }
  const [left, right] = [asObject(legacy), asObject(modern)]
  if (left !== null && right !== null) compareObjects(walk, left, right)
  else compareScalars(walk, legacy, modern)
}

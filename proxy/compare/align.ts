/**
 * Which element of one list is which of the other: by key, by content, by likeness; never by place
 * alone, which turns one inserted row into a hundred findings. Pure but for the budget.
 */
import { assign } from './assignment.ts'
import { everything, type Joined, joinByKey, joinByText, type Pair, type Rest } from './join.ts'
import { isJsonArray, type JsonArray, type JsonValue } from './json.ts'
import { inferKey, keyText } from './key.ts'
import { likenesses, type Means, type Overlap } from './likeness.ts'

export interface Alignment {
  readonly pairs: readonly Pair[]
  /** Places in legacy's list of what modern has not. */
  readonly missing: readonly number[]
  /** Places in modern's list of what legacy has not. */
  readonly extra: readonly number[]
  /** Members that name an element; none where contents or likeness decided. */
  readonly key: readonly string[]
  /** Whether elements are left that could be anything. */
  readonly isOpen: boolean
}

/** What both begin and end with: among equal elements it decides which of them is gone. */
const joinEnds = (legacy: readonly string[], modern: readonly string[]): Joined => {
  const pairs: Pair[] = []
  const shorter = Math.min(legacy.length, modern.length)
  let start = 0
  for (; start < shorter && legacy[start] === modern[start]; start++) pairs.push([start, start])
  let end = 0
  const gap = modern.length - legacy.length
  for (; end < shorter - start; end++) {
    const at = legacy.length - 1 - end
    if (legacy[at] !== modern[at + gap]) break
    pairs.push([at, at + gap])
  }
  const middle = (length: number): number[] =>
    Array.from({ length: length - start - end }, (_, at) => at + start)
  return { pairs, rest: { legacy: middle(legacy.length), modern: middle(modern.length) } }
}

/** Lists longer than this are not laid side by side by likeness: the cost grows with the cube. */
const mostAssigned = 64

const inPlace = ({ legacy, modern }: Rest): Joined => ({
  pairs: legacy.map((at, index) => [at, modern[index] ?? 0]),
  rest: { legacy: [], modern: [] },
})

const byLikeness = (rest: Rest, overlap: Overlap): Joined => {
  const turned = rest.legacy.length > rest.modern.length
  const [rows, columns] = turned ? [rest.modern, rest.legacy] : [rest.legacy, rest.modern]
  const cost = rows.map((row) =>
    columns.map((column) => {
      const alike = turned ? overlap(column, row) : overlap(row, column)
      return 1 - alike + Math.abs(row - column) * 1e-7
    }),
  )
  const taken = new Set<number>()
  const pairs = assign(cost).map((at, row): Pair => {
    const [one, other] = [rows[row] ?? 0, columns[at] ?? 0]
    taken.add(other)
    return turned ? [other, one] : [one, other]
  })
  const left = columns.filter((column) => !taken.has(column))
  return { pairs, rest: turned ? { legacy: left, modern: [] } : { legacy: [], modern: left } }
}

const isScalar = (value: JsonValue | undefined): boolean =>
  typeof value !== 'object' || value === null || (!isJsonArray(value) && value.kind === 'number')

const halfAlike = 0.5

/** Whether what stands at the same place looks like the same thing, judged by the first few. */
const isAlikeInPlace = (rest: Rest, overlap: Overlap): boolean => {
  if (rest.legacy.length !== rest.modern.length) return false
  if (rest.legacy.some((at, index) => at !== rest.modern[index])) return false
  const looked = rest.legacy.slice(0, mostAssigned)
  return looked.reduce((sum, at) => sum + overlap(at, at), 0) / looked.length >= halfAlike
}

/** Lays what neither key nor content joined. */
const joinRest = (
  rest: Rest,
  legacy: JsonArray,
  modern: JsonArray,
  means: Means,
): Joined & { isOpen: boolean } => {
  const { legacy: left, modern: right } = rest
  if (left.length === 0 || right.length === 0) return { pairs: [], rest, isOpen: false }
  const likeness = likenesses(legacy, modern, means)
  const isShort = left.length <= mostAssigned && right.length <= mostAssigned
  if (left.length === 1 && right.length === 1) return { ...inPlace(rest), isOpen: false }
  if (isShort && means.budget.left > 0) return { ...byLikeness(rest, likeness), isOpen: false }
  if (isAlikeInPlace(rest, likeness)) return { ...inPlace(rest), isOpen: false }
  const areScalars = left.every((at) => isScalar(legacy[at]))
  return { pairs: [], rest, isOpen: !areScalars || right.some((at) => !isScalar(modern[at])) }
}

/**
 * Lays two lists side by side.
 *
 * @param by members that a rule names as the key; null: one is looked for
 */
export const align = (
  legacy: JsonArray,
  modern: JsonArray,
  by: readonly string[] | null,
  means: Means,
): Alignment => {
  const { nameOf } = means.sameness
  const key = by ?? inferKey(legacy, modern)
  const first: Joined =
    key === null
      ? { pairs: [], rest: everything(legacy, modern) }
      : joinByKey(legacy, modern, key, by === null ? null : nameOf)

  // With a key, what has none is joined by content; what has one belongs to nobody else.
  const isLoose = (list: JsonArray) => (at: number) => key === null || !keyText(list[at], key)
  const loose = {
    legacy: first.rest.legacy.filter(isLoose(legacy)),
    modern: first.rest.modern.filter(isLoose(modern)),
  }
  const legacyTexts = loose.legacy.map((at) => nameOf(legacy[at] ?? null))
  const modernTexts = loose.modern.map((at) => nameOf(modern[at] ?? null))
  const ends = joinEnds(legacyTexts, modernTexts)
  const textAt = (texts: readonly string[]) => (at: number) => texts[at] ?? null
  const middle = joinByText(ends.rest, textAt(legacyTexts), textAt(modernTexts))

  const original = ([left, right]: Pair): Pair => [
    loose.legacy[left] ?? 0,
    loose.modern[right] ?? 0,
  ]
  const rest = {
    legacy: middle.rest.legacy.map((at) => loose.legacy[at] ?? 0),
    modern: middle.rest.modern.map((at) => loose.modern[at] ?? 0),
  }
  const last = joinRest(rest, legacy, modern, means)
  const lost = (list: JsonArray) => (at: number) => !isLoose(list)(at)
  return {
    pairs: [
      ...first.pairs,
      ...ends.pairs.map(original),
      ...middle.pairs.map(original),
      ...last.pairs,
    ].sort(([a], [b]) => a - b),
    missing: [...first.rest.legacy.filter(lost(legacy)), ...last.rest.legacy],
    extra: [...first.rest.modern.filter(lost(modern)), ...last.rest.modern],
    key: key ?? [],
    isOpen: last.isOpen,
  }
}

/** Whether the pairs, in legacy's order, are in modern's order too. */
export const isInOrder = ({ pairs }: Alignment): boolean =>
  pairs.every(([, at], index) => index === 0 || (pairs[index - 1]?.[1] ?? 0) < at)

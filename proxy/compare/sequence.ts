/** Two sequences whose order counts: what they have in common, and what stands between. Pure. */

export interface Sequence {
  /** Places in both, ascending in both: equal ones, and those that stand in each other's place. */
  readonly pairs: readonly (readonly [legacy: number, modern: number])[]
  readonly missing: readonly number[]
  readonly extra: readonly number[]
}

/** Cells of the table of lengths: 16 MiB. */
const mostCells = 4_194_304

/** Lengths of the longest common subsequences of all tails, row by row. */
const tailLengths = (a: readonly string[], b: readonly string[]): Uint32Array => {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j
      lengths[at] =
        a[i] === b[j]
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0)
    }
  return lengths
}

type Pair = readonly [number, number]

const common = (a: readonly string[], b: readonly string[]): Pair[] => {
  const lengths = tailLengths(a, b)
  const width = b.length + 1
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) pairs.push([i++, j++])
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++
    else j++
  }
  return pairs
}

const commonStart = (a: readonly string[], b: readonly string[]): number => {
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a[start] === b[start]) start++
  return start
}

/** Places that both have, in order; null: too long to tell within bounds. */
const anchors = (a: readonly string[], b: readonly string[]): Pair[] | null => {
  const start = commonStart(a, b)
  const end = commonStart(a.slice(start).reverse(), b.slice(start).reverse())
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if ((left.length + 1) * (right.length + 1) > mostCells) return null
  const middle = common(left, right).map(([i, j]): Pair => [i + start, j + start])
  const head = Array.from({ length: start }, (_, at): Pair => [at, at])
  const tail = Array.from(
    { length: end },
    (_, at): Pair => [a.length - end + at, b.length - end + at],
  )
  return [...head, ...middle, ...tail]
}

/**
 * Lays two sequences side by side. Between two common places, what may stand for each other is
 * paired in order.
 *
 * @param canPair whether two unequal ones may be one that changed
 * @returns null where they are too long and too different to tell within bounds
 */
export const alignSequence = (
  legacy: readonly string[],
  modern: readonly string[],
  canPair: (legacy: number, modern: number) => boolean,
): Sequence | null => {
  const found = anchors(legacy, modern)
  if (found === null) return null
  const pairs: Pair[] = []
  const missing: number[] = []
  const extra: number[] = []
  let [i, j] = [0, 0]
  for (const [left, right] of [...found, [legacy.length, modern.length] as const]) {
    while (i < left && j < right && canPair(i, j)) pairs.push([i++, j++])
    while (i < left) missing.push(i++)
    while (j < right) extra.push(j++)
    if (i < legacy.length && j < modern.length) pairs.push([i++, j++])
  }
  return { pairs, missing, extra }
}

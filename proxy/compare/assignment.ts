/** Who belongs to whom, at the least total cost (Hungarian method, O(n³)). Pure. */

/** Rows and columns from 1; 0 is the row that looks for its column. */
interface Search {
  readonly cost: readonly (readonly number[])[]
  readonly columns: number
  readonly rowPotential: Float64Array
  readonly columnPotential: Float64Array
  /** The row of each column; 0: free. */
  readonly rowOf: Int32Array
  /** The column before it on the way to the root. */
  readonly before: Int32Array
}

const at = (list: ArrayLike<number>, index: number): number => list[index] ?? 0

/** Lowers what the way to each column costs, now that `from` is part of the tree. */
const relax = (search: Search, from: number, least: Float64Array, used: Uint8Array): void => {
  const { cost, columns, rowPotential, columnPotential, rowOf, before } = search
  const row = at(rowOf, from)
  for (let column = 1; column <= columns; column++) {
    if (used[column] === 1) continue
    const paid = at(rowPotential, row) + at(columnPotential, column)
    const reduced = at(cost[row - 1] ?? [], column - 1) - paid
    if (reduced >= at(least, column)) continue
    least[column] = reduced
    before[column] = from
  }
}

const nearestFree = (columns: number, least: Float64Array, used: Uint8Array): number => {
  let nearest = 0
  for (let column = 1; column <= columns; column++)
    if (used[column] !== 1 && (nearest === 0 || at(least, column) < at(least, nearest)))
      nearest = column
  return nearest
}

/** Moves the potentials by `delta`, so that the nearest column costs nothing more. */
const shift = (search: Search, delta: number, least: Float64Array, used: Uint8Array): void => {
  const { columns, rowPotential, columnPotential, rowOf } = search
  for (let column = 0; column <= columns; column++) {
    if (used[column] !== 1) {
      least[column] = at(least, column) - delta
      continue
    }
    const row = at(rowOf, column)
    rowPotential[row] = at(rowPotential, row) + delta
    columnPotential[column] = at(columnPotential, column) - delta
  }
}

/** Finds a column for one row, moving other rows where that is cheaper. */
const place = (search: Search, row: number): void => {
  const { columns, rowOf, before } = search
  const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY)
  const used = new Uint8Array(columns + 1)
  rowOf[0] = row
  let column = 0
  do {
    used[column] = 1
    relax(search, column, least, used)
    column = nearestFree(columns, least, used)
    shift(search, at(least, column), least, used)
  } while (rowOf[column] !== 0)
  while (column !== 0) {
    const previous = at(before, column)
    rowOf[column] = at(rowOf, previous)
    column = previous
  }
}

/**
 * Lays rows beside columns so that the sum of costs is least.
 *
 * @param cost rows of one length, no more rows than columns
 * @returns for each row its column
 */
export const assign = (cost: readonly (readonly number[])[]): number[] => {
  const rows = cost.length
  const columns = cost[0]?.length ?? 0
  const search: Search = {
    cost,
    columns,
    rowPotential: new Float64Array(rows + 1),
    columnPotential: new Float64Array(columns + 1),
    rowOf: new Int32Array(columns + 1),
    before: new Int32Array(columns + 1),
  }
  for (let row = 1; row <= rows; row++) place(search, row)
  const columnOf = new Array<number>(rows).fill(-1)
  search.rowOf.forEach((row, column) => {
    if (column > 0 && row > 0) columnOf[row - 1] = column - 1
  })
  return columnOf
}

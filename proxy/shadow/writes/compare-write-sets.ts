/** What modern would have written against all that legacy wrote, row by row. Pure. */
import { columnValue, type Overlay } from './overlay.ts'
import type { WriteDifference } from './report.ts'
import type { TableFacts } from './table-facts.ts'
import { mostDifferences } from './verify-writes.ts'
import {
  agrees,
  columnDifferences,
  isUnchanged,
  kindOf,
  type Numbers,
  takeLikest,
  type WrittenRow,
  wholeRow,
} from './write-differences.ts'

/** Everything that legacy wrote for one request. */
export interface LegacyWrites {
  readonly overlay: Overlay
  /** Columns whose values are not told, by table. */
  readonly unknown: ReadonlyMap<string, ReadonlySet<string>>
}

interface Pair {
  readonly modern: WrittenRow
  readonly legacy: WrittenRow
}

const rowsOf = (overlay: Overlay): WrittenRow[] =>
  [...overlay.values()].flatMap(({ facts, rows }) =>
    [...rows.values()]
      .filter((row) => !isUnchanged(row))
      .map((row): WrittenRow => ({ facts, ...row })),
  )

/** Names that each side draws for its own rows. */
const drawn = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26})$/i

const keyValue = ({ facts, before, after }: WrittenRow, column: string): string | null =>
  columnValue(facts, before ?? after ?? [], column)

const hasKeyOf = (modern: WrittenRow, legacy: WrittenRow, numbers: Numbers): boolean =>
  modern.facts.primary.every((column) =>
    agrees(keyValue(legacy, column), keyValue(modern, column), numbers),
  )

/** The column by which new rows get a name that nobody chose; null: there is none. */
const nameColumn = ({ columns, primary }: TableFacts): string | null => {
  const auto = columns.find(({ isAuto }) => isAuto)
  if (auto !== undefined) return auto.name
  return primary.length === 1 ? (primary[0] ?? null) : null
}

const learnName = ({ modern, legacy }: Pair, numbers: Numbers): void => {
  const column = nameColumn(modern.facts)
  if (column === null || modern.before !== null) return
  const [made, given] = [keyValue(modern, column), keyValue(legacy, column)]
  if (made === null || given === null) return
  const isAuto = modern.facts.columns.some(({ isAuto: is, name }) => is && name === column)
  if (isAuto || (drawn.test(made) && drawn.test(given))) numbers.set(made, given)
}

const takeFirst = (rows: WrittenRow[], fits: (row: WrittenRow) => boolean): WrittenRow | null => {
  const n = rows.findIndex(fits)
  return n === -1 ? null : (rows.splice(n, 1)[0] ?? null)
}

const isNumbered = ({ facts, before }: WrittenRow): boolean =>
  before === null && facts.columns.some(({ isAuto }) => isAuto)

/** Rows of one table to which the same was done. */
const pairUp = (modern: readonly WrittenRow[], legacy: WrittenRow[], numbers: Numbers): Pair[] => {
  const pairs: Pair[] = []
  const add = (row: WrittenRow, found: WrittenRow | null): boolean => {
    if (found === null) return false
    const pair = { modern: row, legacy: found }
    learnName(pair, numbers)
    pairs.push(pair)
    return true
  }
  const likely = modern.filter(
    (row) =>
      isNumbered(row) ||
      !add(
        row,
        takeFirst(legacy, (each) => hasKeyOf(row, each, numbers)),
      ),
  )
  for (const row of likely) {
    if (row.before === null) add(row, takeLikest(row, legacy, numbers))
  }
  return pairs
}

const placeOf = (row: WrittenRow): string => `${row.facts.name.toLowerCase()}/${kindOf(row)}`

/** By table and what is done to its rows; tables in the order in which modern came to them. */
const pairAll = (
  modern: readonly WrittenRow[],
  legacy: readonly WrittenRow[],
  numbers: Numbers,
): readonly Pair[] =>
  [...new Set(modern.map(placeOf))].flatMap((place) => {
    const isHere = (row: WrittenRow): boolean => placeOf(row) === place
    return pairUp(modern.filter(isHere), legacy.filter(isHere), numbers)
  })

export const compareWriteSets = (
  intended: Overlay,
  { overlay, unknown }: LegacyWrites,
): readonly WriteDifference[] => {
  const numbers: Numbers = new Map()
  const [modern, legacy] = [rowsOf(intended), rowsOf(overlay)]
  const pairs = pairAll(modern, legacy, numbers)
  const paired = new Set(pairs.flatMap(({ modern: row, legacy: found }) => [row, found]))
  const differences = [
    ...pairs.flatMap(({ modern: row, legacy: found }) =>
      row.after === null
        ? []
        : columnDifferences(row, found, numbers, unknown.get(found.facts.name)),
    ),
    ...modern.filter((row) => !paired.has(row)).map((row) => wholeRow(row, 'extra')),
    ...legacy.filter((row) => !paired.has(row)).map((row) => wholeRow(row, 'missing')),
  ]
  return differences.slice(0, mostDifferences)
}

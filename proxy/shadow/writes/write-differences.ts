/** One row that modern would have written beside the one that legacy wrote. Pure. */
import { instantOf } from '../../compare/instant.ts'
import { columnValue, type TouchedRow } from './overlay.ts'
import type { WriteDifference } from './report.ts'
import type { Column, SqlRow, SqlValue, TableFacts } from './table-facts.ts'

/** A shadow writes later than legacy did, and its clock says so. */
const toleranceMs = 30_000

/** Numbers that modern made up, and those that legacy gave out in their place. */
export type Numbers = Map<string, string>

/** A row of which table, and what became of it. */
export interface WrittenRow extends TouchedRow {
  readonly facts: TableFacts
}

/** What legacy did to it; `before` is absent where nobody knows. */
export interface LegacyRow {
  readonly facts: TableFacts
  readonly before?: SqlRow | null
  readonly after: SqlRow | null
}

/** In another form it is another value to whoever reads it: SQLite keeps times as they were written. */
const isNear = (a: string, b: string): boolean => {
  const [first, second] = [instantOf(a), instantOf(b)]
  if (first === null || second === null) return false
  const isAlike = first.zone === second.zone && first.separator === second.separator
  return isAlike && Math.abs(first.ms - second.ms) <= toleranceMs
}

/** Digits that both of two writings of such a number have. */
const digits: Readonly<Record<string, number>> = { float: 6, double: 15 }

const isSameNumber = (a: string, b: string, dataType: string): boolean => {
  const precision = digits[dataType]
  if (precision === undefined) return false
  return Number(a).toPrecision(precision) === Number(b).toPrecision(precision)
}

/** Whether legacy's value is what modern meant. */
export const agrees = (
  legacy: SqlValue,
  modern: SqlValue,
  numbers: Numbers,
  dataType: string = '',
): boolean => {
  if (legacy === modern) return true
  if (legacy === null || modern === null) return false
  return (
    numbers.get(modern) === legacy ||
    isNear(legacy, modern) ||
    isSameNumber(legacy, modern, dataType)
  )
}

export const kindOf = ({ before, after }: TouchedRow): string => {
  if (before === null) return 'insert'
  return after === null ? 'delete' : 'update'
}

export const isUnchanged = ({ before, after }: TouchedRow): boolean =>
  before !== null && after !== null && before.every((value, n) => value === after[n])

/** A row that only one of them writes. */
export const wholeRow = (row: WrittenRow, kind: 'missing' | 'extra'): WriteDifference => ({
  place: `${row.facts.name}/${kindOf(row)}`,
  kind,
  legacy: kind === 'missing' ? kindOf(row) : null,
  modern: kind === 'extra' ? kindOf(row) : null,
})

const whole = /^-?\d{1,15}$/

/** The same step from another start: others have counted in between. */
const isSameStep = (values: readonly SqlValue[]): boolean => {
  if (!values.every((value) => value !== null && whole.test(value))) return false
  const [was = 0, is = 0, legacyWas = 0, legacyIs = 0] = values.map(Number)
  return was !== legacyWas && is - was === legacyIs - legacyWas
}

interface Cell {
  readonly column: Column
  /** What modern found and meant, and legacy found and left. */
  readonly was: SqlValue
  readonly is: SqlValue
  readonly legacyWas: SqlValue | undefined
  readonly legacyIs: SqlValue
}

const kindOfCell = (cell: Cell, isNew: boolean): WriteDifference['kind'] => {
  const { was, is, legacyWas = was, legacyIs } = cell
  if (isNew) return 'value'
  if (was === is) return 'missing'
  return legacyIs === legacyWas ? 'extra' : 'value'
}

const differs = (cell: Cell, isNew: boolean, numbers: Numbers): boolean => {
  const { column, was, is, legacyWas, legacyIs } = cell
  if (agrees(legacyIs, is, numbers, column.dataType)) return false
  if (isNew) return true
  const isWritten = was !== is || (legacyWas !== undefined && legacyWas !== legacyIs)
  return isWritten && !(legacyWas !== undefined && isSameStep([was, is, legacyWas, legacyIs]))
}

const cellOf = (row: WrittenRow, legacy: LegacyRow, column: Column, n: number): Cell => {
  const { before } = legacy
  return {
    column,
    was: row.before?.[n] ?? null,
    is: row.after?.[n] ?? null,
    legacyWas: before == null ? undefined : columnValue(legacy.facts, before, column.name),
    legacyIs: columnValue(legacy.facts, legacy.after ?? [], column.name),
  }
}

/**
 * Column by column; the number of the row itself is nobody's choice.
 *
 * @param unknown columns of which nobody knows what legacy wrote
 */
export const columnDifferences = (
  row: WrittenRow,
  legacy: LegacyRow,
  numbers: Numbers,
  unknown: ReadonlySet<string> = new Set(),
): readonly WriteDifference[] => {
  const isNew = row.before === null
  return row.facts.columns.flatMap((column, n): WriteDifference[] => {
    if (column.isAuto || unknown.has(column.name)) return []
    const cell = cellOf(row, legacy, column, n)
    if (!differs(cell, isNew, numbers)) return []
    const place = `${row.facts.name}/${kindOf(row)}/${column.name}`
    return [{ place, kind: kindOfCell(cell, isNew), legacy: cell.legacyIs, modern: cell.is }]
  })
}

/** Takes, of rows that legacy made, the one that is most like it; half of it has to be. */
export const takeLikest = <Row extends LegacyRow>(
  row: WrittenRow,
  made: Row[],
  numbers: Numbers,
): Row | null => {
  const scored = made.map((each) => ({
    each,
    off: columnDifferences(row, each, numbers).length,
  }))
  const [best] = scored.toSorted((a, b) => a.off - b.off)
  if (best === undefined || best.off * 2 > row.facts.columns.length) return null
  made.splice(made.indexOf(best.each), 1)
  return best.each
}

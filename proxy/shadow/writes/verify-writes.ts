/**
 * What modern would have written against what the database holds once legacy has answered. It sees
 * the rows that modern would have touched, and no others: what legacy wrote besides only its binary
 * log tells.
 */
import { at, columnValue, literalOf, type Overlay, type TouchedTable } from './overlay.ts'
import type { WriteDifference } from './report.ts'
import {
  type AskRows,
  type Column,
  quoteName,
  type SqlRow,
  type TableFacts,
} from './table-facts.ts'
import {
  columnDifferences,
  isUnchanged,
  kindOf,
  type LegacyRow,
  type Numbers,
  takeLikest,
  type WrittenRow,
  wholeRow,
} from './write-differences.ts'

/** Rows that may be meant by one that has no number of legacy's yet. */
const mostNew = 200

const columnsOf = ({ columns }: TableFacts): string =>
  columns.map(({ name }) => quoteName(name)).join(', ')

const autoOf = ({ columns }: TableFacts): Column | undefined => columns.find(({ isAuto }) => isAuto)

const whereRow = (facts: TableFacts, row: SqlRow, numbers: Numbers): string =>
  facts.primary
    .map((column) => {
      const value = columnValue(facts, row, column)
      const { dataType = '' } = facts.columns[at(facts, column)] ?? {}
      const other = value === null ? undefined : numbers.get(value)
      const either = [value, ...(other === undefined ? [] : [other])]
      return `${quoteName(column)} IN (${either.map((each) => literalOf(each, dataType)).join(', ')})`
    })
    .join(' AND ')

/** Rows whose number is not below the first that modern made up. */
const freshRows = async (ask: AskRows, { facts, rows }: TouchedTable): Promise<LegacyRow[]> => {
  const auto = autoOf(facts)
  if (auto === undefined) return []
  const made = [...rows.values()].flatMap(({ before, after }) =>
    before === null && after !== null ? [BigInt(columnValue(facts, after, auto.name) ?? 0)] : [],
  )
  const [first] = made.toSorted((a, b) => (a < b ? -1 : 1))
  if (first === undefined) return []
  const name = quoteName(auto.name)
  const found = await ask(
    `SELECT ${columnsOf(facts)} FROM ${quoteName(facts.name)} WHERE ${name} >= ${first} ORDER BY ${name} LIMIT ${mostNew}`,
  )
  return found.map((after) => ({ facts, after }))
}

const findLegacy = async (
  ask: AskRows,
  row: WrittenRow,
  fresh: LegacyRow[],
  numbers: Numbers,
): Promise<LegacyRow | null> => {
  const { facts, before, after } = row
  const auto = autoOf(facts)
  if (before === null && auto !== undefined) {
    const found = takeLikest(row, fresh, numbers)
    const [made, given] = [after, found?.after].map(
      (each) => each && columnValue(facts, each, auto.name),
    )
    if (made != null && given != null) numbers.set(made, given)
    return found
  }
  const where = whereRow(facts, before ?? after ?? [], numbers)
  const [found] = await ask(
    `SELECT ${columnsOf(facts)} FROM ${quoteName(facts.name)} WHERE ${where} LIMIT 1`,
  )
  return found === undefined ? null : { facts, after: found }
}

const judge = (
  row: WrittenRow,
  legacy: LegacyRow | null,
  numbers: Numbers,
): readonly WriteDifference[] => {
  if (row.after === null) return legacy === null ? [] : [wholeRow(row, 'extra')]
  return legacy === null ? [wholeRow(row, 'extra')] : columnDifferences(row, legacy, numbers)
}

/** More differences would say the same once more. */
export const mostDifferences = 50

/** @param ask sees what is committed now. Rejects with the server's error. */
export const verifyWrites = async (
  ask: AskRows,
  overlay: Overlay,
): Promise<readonly WriteDifference[]> => {
  const numbers: Numbers = new Map()
  const found: WriteDifference[] = []
  for (const table of overlay.values()) {
    const fresh = await freshRows(ask, table)
    for (const touched of table.rows.values()) {
      if (isUnchanged(touched) || found.length >= mostDifferences) continue
      const row = { facts: table.facts, ...touched }
      found.push(...judge(row, await findLegacy(ask, row, fresh, numbers), numbers))
    }
  }
  return found.slice(0, mostDifferences)
}

/** What a read wrote, once for each table and what it did to it. */
export const readThatWrote = (overlay: Overlay): readonly WriteDifference[] =>
  [...overlay.values()].flatMap(({ facts, rows }) => {
    const kinds = [...rows.values()].filter((row) => !isUnchanged(row)).map(kindOf)
    return [...new Set(kinds)].map((kind): WriteDifference => {
      const count = kinds.filter((each) => each === kind).length
      return {
        place: `${facts.name}/${kind}`,
        kind: 'extra',
        legacy: null,
        modern: `${count} in a route that says it reads`,
      }
    })
  })

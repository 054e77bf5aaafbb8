/**
 * What modern would have written against what the database holds once legacy has answered. It sees
 * the rows that modern would have touched, and no others: what legacy wrote besides is not found.
 */
import { at, columnValue, literalOf, type Overlay, type TouchedTable } from './overlay.ts'
import type { WriteDifference } from './report.ts'
import {
  type AskRows,
  type Column,
  quoteName,
  type SqlRow,
  type SqlValue,
  type TableFacts,
} from './table-facts.ts'

/** A shadow writes later than legacy did, and its clock says so. */
const toleranceMs = 30_000

/** Rows that may be meant by one that has no number of legacy's yet. */
const mostNew = 200

/** Numbers that modern made up, and those that legacy gave out in their place. */
type Numbers = Map<string, string>

interface Intended {
  readonly facts: TableFacts
  readonly before: SqlRow | null
  readonly after: SqlRow | null
}

const timeOf = (value: string): number | null =>
  /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.test(value)
    ? Date.parse(`${value.replace(' ', 'T')}Z`)
    : null

const isNear = (a: string, b: string): boolean => {
  const [first, second] = [timeOf(a), timeOf(b)]
  return first !== null && second !== null && Math.abs(first - second) <= toleranceMs
}

/** Whether legacy's value is what modern meant. */
const agrees = (legacy: SqlValue, modern: SqlValue, numbers: Numbers): boolean => {
  if (legacy === modern) return true
  if (legacy === null || modern === null) return false
  return numbers.get(modern) === legacy || isNear(legacy, modern)
}

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

const kindOf = ({ before, after }: Intended): string => {
  if (before === null) return 'insert'
  return after === null ? 'delete' : 'update'
}

const whole = (intended: Intended, kind: WriteDifference['kind']): WriteDifference => ({
  place: `${intended.facts.name}/${kindOf(intended)}`,
  kind,
  legacy: null,
  modern: kindOf(intended),
})

/** Differences column by column; the number of the row itself is nobody's choice. */
const columnDifferences = (
  intended: Intended,
  legacy: SqlRow,
  numbers: Numbers,
): readonly WriteDifference[] => {
  const { facts, before, after } = intended
  return facts.columns.flatMap(({ name, isAuto }, n): WriteDifference[] => {
    const [was, is, found] = [before?.[n] ?? null, after?.[n] ?? null, legacy[n] ?? null]
    const isMeant = before === null || was !== is
    if (isAuto || !isMeant || agrees(found, is, numbers)) return []
    const kind = before !== null && found === was ? 'extra' : 'value'
    return [{ place: `${facts.name}/${kindOf(intended)}/${name}`, kind, legacy: found, modern: is }]
  })
}

/** Takes, of the rows that are new, the one that is most like it; half of it has to be. */
const takeLikest = (intended: Intended, fresh: SqlRow[], numbers: Numbers): SqlRow | null => {
  const scored = fresh.map((row) => ({
    row,
    off: columnDifferences(intended, row, numbers).length,
  }))
  const [best] = scored.toSorted((a, b) => a.off - b.off)
  if (best === undefined || best.off * 2 > intended.facts.columns.length) return null
  fresh.splice(fresh.indexOf(best.row), 1)
  return best.row
}

/** Rows whose number is not below the first that modern made up. */
const freshRows = async (ask: AskRows, { facts, rows }: TouchedTable): Promise<SqlRow[]> => {
  const auto = autoOf(facts)
  if (auto === undefined) return []
  const made = [...rows.values()].flatMap(({ before, after }) =>
    before === null && after !== null ? [BigInt(columnValue(facts, after, auto.name) ?? 0)] : [],
  )
  const [first] = made.toSorted((a, b) => (a < b ? -1 : 1))
  if (first === undefined) return []
  const name = quoteName(auto.name)
  return [
    ...(await ask(
      `SELECT ${columnsOf(facts)} FROM ${quoteName(facts.name)} WHERE ${name} >= ${first} ORDER BY ${name} LIMIT ${mostNew}`,
    )),
  ]
}

const findLegacy = async (
  ask: AskRows,
  intended: Intended,
  fresh: SqlRow[],
  numbers: Numbers,
): Promise<SqlRow | null> => {
  const { facts, before, after } = intended
  const auto = autoOf(facts)
  if (before === null && auto !== undefined) {
    const row = takeLikest(intended, fresh, numbers)
    const [made, given] = [after, row].map((each) => each && columnValue(facts, each, auto.name))
    if (made != null && given != null) numbers.set(made, given)
    return row
  }
  const where = whereRow(facts, before ?? after ?? [], numbers)
  return (
    (
      await ask(`SELECT ${columnsOf(facts)} FROM ${quoteName(facts.name)} WHERE ${where} LIMIT 1`)
    )[0] ?? null
  )
}

const judge = (
  intended: Intended,
  legacy: SqlRow | null,
  numbers: Numbers,
): readonly WriteDifference[] => {
  if (intended.after === null) return legacy === null ? [] : [whole(intended, 'extra')]
  return legacy === null ? [whole(intended, 'extra')] : columnDifferences(intended, legacy, numbers)
}

const isSame = ({ before, after }: Omit<Intended, 'facts'>): boolean =>
  before !== null && after !== null && before.every((value, n) => value === after[n])

/** More differences would say the same once more. */
const most = 50

/** @param ask sees what is committed now. Rejects with the server's error. */
export const verifyWrites = async (
  ask: AskRows,
  overlay: Overlay,
): Promise<readonly WriteDifference[]> => {
  const numbers: Numbers = new Map()
  const found: WriteDifference[] = []
  for (const table of overlay.values()) {
    const fresh = await freshRows(ask, table)
    for (const row of table.rows.values()) {
      if (isSame(row) || found.length >= most) continue
      const intended = { facts: table.facts, ...row }
      found.push(...judge(intended, await findLegacy(ask, intended, fresh, numbers), numbers))
    }
  }
  return found.slice(0, most)
}

/** What a read wrote, once for each table and what it did to it. */
export const readThatWrote = (overlay: Overlay): readonly WriteDifference[] =>
  [...overlay.values()].flatMap(({ facts, rows }) => {
    const kinds = [...rows.values()]
      .filter((row) => !isSame(row))
      .map((row) => kindOf({ facts, ...row }))
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

/** From the rows of a log to the rows that legacy has left: each once, as modern's are recorded. */
import type { LegacyWrites } from '../compare-write-sets.ts'
import { emptyOverlay, type Overlay, touch } from '../overlay.ts'
import type { SqlRow, TableFacts } from '../table-facts.ts'
import { columnReading, isUnreadable } from './column-reading.ts'
import { type Image, type RowImages, readRowImages } from './row-images.ts'
import type { ColumnReading } from './row-values.ts'
import { readTableMap, type TableMap } from './table-map.ts'
import type { LoggedRows } from './transactions.ts'

/** What is to be asked of the server that wrote the log. */
export interface LogTerms {
  /** Its name is that of the table for people. Rejects with the server's error. */
  factsOf(map: TableMap): Promise<TableFacts>
  /** What seconds since 1970 are called. */
  timesOf(seconds: readonly string[]): Promise<ReadonlyMap<string, string>>
}

/** Why they cannot be compared. */
export class UnreadError extends Error {}

/** More rows are not compared. */
const mostRows = 2_000

interface Table {
  readonly facts: TableFacts
  readonly columns: readonly ColumnReading[]
}

interface Change {
  readonly table: Table
  readonly before: SqlRow | null
  readonly after: SqlRow | null
}

const openTable = async (logged: LoggedRows, terms: LogTerms): Promise<Table> => {
  const map = readTableMap(logged.map)
  const facts = await terms.factsOf(map)
  if (facts.columns.length !== map.columns.length)
    throw new UnreadError(`table ${facts.name} is not what it was, or columns of it are hidden`)
  const columns = facts.columns.map((column, n) =>
    columnReading(map.columns[n] ?? { type: 0, meta: 0 }, column),
  )
  // A row of a table without a key is all that there is of it.
  const primary = facts.primary.length > 0 ? facts.primary : facts.columns.map(({ name }) => name)
  return { facts: { ...facts, primary }, columns }
}

/** A session may log less than its server is set to. */
const inPart =
  'a session logs its rows without all of their columns: set binlog_row_image = FULL there, too'

/** What the image after a change leaves out is as it was; what is in neither is not known. */
const rowOf = (image: Image, was: Image | null): SqlRow =>
  image.map((value, n) => {
    const told = value === undefined ? was?.[n] : value
    if (told === undefined) throw new UnreadError(inPart)
    return told
  })

const changeOf = (table: Table, { before, after }: RowImages): Change => ({
  table,
  before: before && rowOf(before, null),
  after: after && rowOf(after, before),
})

const timestamps: ReadonlySet<number> = new Set([7, 17])

const isTime = (table: Table, n: number): boolean => timestamps.has(table.columns[n]?.type ?? 0)

const secondsIn = ({ table, before, after }: Change): readonly string[] =>
  [before, after].flatMap((row) =>
    (row ?? []).flatMap((value, n) =>
      value !== null && isTime(table, n) ? [value.split('.')[0] ?? ''] : [],
    ),
  )

const withTimes = (change: Change, times: ReadonlyMap<string, string>): Change => {
  const told = (row: SqlRow | null): SqlRow | null =>
    row?.map((value, n) => {
      if (value === null || !isTime(change.table, n)) return value
      const [seconds = '', fraction] = value.split('.')
      return `${times.get(seconds) ?? seconds}${fraction === undefined ? '' : `.${fraction}`}`
    }) ?? null
  return { table: change.table, before: told(change.before), after: told(change.after) }
}

const readChanges = async (
  logged: readonly LoggedRows[],
  terms: LogTerms,
): Promise<readonly Change[]> => {
  const changes: Change[] = []
  for (const rows of logged) {
    const table = await openTable(rows, terms)
    for (const images of readRowImages(rows.body, rows.kind, table.columns)) {
      changes.push(changeOf(table, images))
      if (changes.length > mostRows) throw new UnreadError('it changes more rows than are compared')
    }
  }
  const seconds = [...new Set(changes.flatMap(secondsIn))]
  if (seconds.length === 0) return changes
  const times = await terms.timesOf(seconds)
  return changes.map((change) => withTimes(change, times))
}

/** @throws UnreadError, RangeError, or the server's error */
export const decodeWrites = async (
  logged: readonly LoggedRows[],
  terms: LogTerms,
): Promise<LegacyWrites> => {
  const unknown = new Map<string, ReadonlySet<string>>()
  let overlay: Overlay = emptyOverlay
  for (const { table, before, after } of await readChanges(logged, terms)) {
    const { facts, columns } = table
    const hidden = facts.columns.filter((_, n) => {
      const column = columns[n]
      return column === undefined || isUnreadable(column)
    })
    unknown.set(facts.name, new Set(hidden.map(({ name }) => name)))
    overlay = touch(overlay, facts, before, after)
  }
  return { overlay, unknown }
}

/**
 * What a request does in its cage, as far as it can be held against what legacy did: the rows that it
 * has changed, and what it has asked. Nothing that fails here fails the request.
 */
import {
  type ChangeHeader,
  type Counts,
  type Look,
  lookAtChange,
  lookAtInsert,
  rowsWhere,
  whereRows,
} from './cage-looks.ts'
import { textOf } from './change-parts.ts'
import type { KnownFacts } from './known-facts.ts'
import type { Answered } from './mysql-facade.ts'
import type { MysqlLink } from './mysql-link.ts'
import { emptyOverlay, keyOf, type Overlay, touch } from './overlay.ts'
import type { CagedRead } from './report.ts'
import type { Change, Insert, Statement } from './statement.ts'
import { readTableFacts, type SqlRow, type TableFacts } from './table-facts.ts'

export interface CageRecord {
  /** Has a statement made; rejects with its error. @param sql its text, its places filled in */
  around(statement: Statement, sql: string, make: () => Promise<Answered>): Promise<Answered>
  overlay(): Overlay
  /** In their order; null: more than are kept. */
  reads(): readonly CagedRead[] | null
  /** Why its changes are not all known; null: they are. */
  why(): string | null
}

const mostReads = 100
const mostText = 65_536
/** They pass through the thread that serves clients, once for each state in which they were. */
const mostStates = 5_000

const sizeOf = (overlay: Overlay): number =>
  [...overlay.values()].reduce((sum, { rows }) => sum + rows.size, 0)

const createReads = () => {
  const kept: CagedRead[] = []
  let isWhole = true
  let length = 0
  let states = 0
  return {
    keep(sql: string, overlay: Overlay): void {
      length += sql.length
      if (kept.at(-1)?.overlay !== overlay) states += sizeOf(overlay)
      isWhole &&= kept.length < mostReads && length <= mostText && states <= mostStates
      if (isWhole) kept.push({ sql, overlay })
    },
    all: () => (isWhole ? kept : null),
  }
}

const createFacts =
  ({ ask, isMariadb }: MysqlLink, known: KnownFacts) =>
  async (name: string): Promise<TableFacts> => {
    const facts = known.get(name) ?? (await readTableFacts(name, isMariadb, ask))
    // It may be one table to the server.
    if (
      [...known.keys()].some((each) => each !== name && each.toLowerCase() === name.toLowerCase())
    )
      throw new Error(`table ${name} is written in two ways`)
    known.set(name, facts)
    return facts
  }

interface Pair {
  readonly before: SqlRow | null
  readonly after: SqlRow | null
}

/** Rows before and after, those of one key together. */
const pairsOf = (
  facts: TableFacts,
  before: readonly SqlRow[],
  after: readonly SqlRow[],
): readonly Pair[] => {
  const pairs = new Map<string, Pair>(
    before.map((row) => [keyOf(facts, row), { before: row, after: null }]),
  )
  for (const row of after) {
    const key = keyOf(facts, row)
    pairs.set(key, { before: pairs.get(key)?.before ?? null, after: row })
  }
  return [...pairs.values()]
}

const isSame = ({ before, after }: Pair): boolean =>
  before !== null && after !== null && before.every((value, n) => value === after[n])

const countsOf = (pairs: readonly Pair[]): Counts => {
  const made = pairs.filter(({ before }) => before === null).length
  const gone = pairs.filter(({ after }) => after === null).length
  return { made, gone, changed: pairs.filter((pair) => !isSame(pair)).length - made - gone }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

interface Met {
  readonly facts: TableFacts
  /** By key: as they were before the request, and what names them. */
  readonly rows: Map<string, { readonly before: SqlRow | null; readonly row: SqlRow }>
}

/** All rows that were ever touched, those too that came and went. */
const createMet = () => {
  const tables = new Map<string, Met>()
  return {
    tables,
    add(facts: TableFacts, { before, after }: Pair): void {
      const { rows } = tables.get(facts.name) ?? { rows: new Map() }
      tables.set(facts.name, { facts, rows })
      const row = before ?? after ?? []
      const key = keyOf(facts, row)
      if (!rows.has(key)) rows.set(key, { before, row })
    },
  }
}

interface Begun extends Look {
  readonly facts: TableFacts
}

const isTakingBack = ({ is }: Statement): boolean => is === 'rollback' || is === 'rollbackTo'

const isChange = (statement: Statement): statement is Insert | Change => 'table' in statement

const readsTable = ({ tokens }: Extract<Statement, { readonly is: 'select' }>): boolean =>
  tokens.some(({ is, says }) => is === 'word' && says === 'FROM')

const begin = async (
  { ask, reading }: MysqlLink,
  facts: TableFacts,
  statement: Insert | Change,
  sql: string,
): Promise<Begun> => {
  const parts = { ask, reading, facts, sql }
  const look =
    statement.is === 'insert'
      ? await lookAtInsert(parts, statement)
      : await lookAtChange(parts, statement)
  return { ...look, facts }
}

/** What it has changed. @throws Error where that is not all */
const finish = async (
  { ask }: MysqlLink,
  look: Begun,
  header: unknown,
): Promise<readonly Pair[]> => {
  const { facts, before, where } = look
  const after = where === null ? [] : await ask(rowsWhere(facts, `WHERE ${where}`))
  const pairs = pairsOf(facts, before, after)
  if (!look.isAll(countsOf(pairs), header as ChangeHeader))
    throw new Error(`table ${facts.name}: rows that it has changed cannot be found`)
  return pairs.filter((each) => !isSame(each))
}

/** Everything that has become of the rows that were met. */
const lookAgain = async ({ ask }: MysqlLink, tables: Iterable<Met>): Promise<Overlay> => {
  let now = emptyOverlay
  for (const { facts, rows } of tables) {
    const known = [...rows.values()]
    const where = whereRows(
      facts,
      known.map(({ row }) => row),
    )
    const there = where === null ? [] : await ask(rowsWhere(facts, `WHERE ${where}`))
    const first = known.flatMap(({ before }) => (before === null ? [] : [before]))
    for (const { before, after } of pairsOf(facts, first, there))
      now = touch(now, facts, before, after)
  }
  return now
}

/** To be asked about one statement after the other. */
export const createCageRecord = (link: MysqlLink, known: KnownFacts): CageRecord => {
  const factsOf = createFacts(link, known)
  const reads = createReads()
  const met = createMet()
  let overlay = emptyOverlay
  let why: string | null = null

  const lose = (error: unknown): null => {
    why ??= messageOf(error)
    // It may be that a table is not what it was.
    known.clear()
    return null
  }
  const note = ({ facts, asks }: Begun, changed: readonly Pair[]): void => {
    if (asks !== null) reads.keep(asks, overlay)
    for (const pair of changed) {
      met.add(facts, pair)
      overlay = touch(overlay, facts, pair.before, pair.after)
    }
  }
  const change = async (
    statement: Insert | Change,
    sql: string,
    make: () => Promise<Answered>,
  ): Promise<Answered> => {
    const look = await factsOf(statement.table)
      .then((facts) => begin(link, facts, statement, sql))
      .catch(messageOf)
    const answered = await make()
    if (typeof look === 'string') lose(look)
    else await finish(link, look, answered.result).then((changed) => note(look, changed), lose)
    return answered
  }
  return {
    async around(statement, sql, make) {
      if (why !== null) return make()
      if (isChange(statement)) return change(statement, sql, make)
      const answered = await make()
      if (isTakingBack(statement))
        overlay = (await lookAgain(link, met.tables.values()).catch(lose)) ?? overlay
      if (statement.is === 'select' && readsTable(statement))
        reads.keep(textOf(sql, { from: 0, to: statement.to }), overlay)
      return answered
    },
    overlay: () => overlay,
    reads: reads.all,
    why: () => why,
  }
}

/**
 * What a request does in its cage, as far as it can be held against what legacy did: the rows that it
 * has changed, and what it has asked. Nothing that fails here fails the request.
 */
import {
  type ChangeHeader,
  keysAsked,
  type Look,
  type LookParts,
  lookAtChange,
  lookAtInsert,
  rowsWhere,
} from './cage-looks.ts'
import { type CagedReads, createCagedReads } from './caged-reads.ts'
import { textOf } from './change-parts.ts'
import { createNumbers } from './far-numbers.ts'
import { othersAsked, readForeignKeys } from './foreign-keys.ts'
import type { KnownFacts } from './known-facts.ts'
import { countsOf, createMet, isSame, lookAgain, type Pair, pairsOf } from './met-rows.ts'
import type { Answered } from './mysql-facade.ts'
import type { MysqlLink } from './mysql-link.ts'
import { emptyOverlay, type Overlay, touch } from './overlay.ts'
import type { CagedRead } from './report.ts'
import type { Change, Insert, Statement } from './statement.ts'
import { readTableFacts, type TableFacts } from './table-facts.ts'

export interface CageRecord {
  /** Has a statement made; rejects with its error. @param sql its text, its places filled in */
  around(statement: Statement, sql: string, make: () => Promise<Answered>): Promise<Answered>
  overlay(): Overlay
  /** In their order; null: more than are kept. */
  reads(): readonly CagedRead[] | null
  /** Why its changes are not all known; null: they are. */
  why(): string | null
}

const createFacts =
  ({ ask, isMariadb }: MysqlLink, known: KnownFacts) =>
  async (name: string): Promise<TableFacts> => {
    const facts = known.get(name) ?? {
      ...(await readTableFacts(name, isMariadb, ask)),
      foreign: await readForeignKeys(ask, name),
    }
    // It may be one table to the server.
    if (
      [...known.keys()].some((each) => each !== name && each.toLowerCase() === name.toLowerCase())
    )
      throw new Error(`table ${name} is written in two ways`)
    known.set(name, facts)
    return facts
  }

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

interface Begun extends Look {
  readonly facts: TableFacts
  readonly statement: Insert | Change
}

/** By rows of other tables that are there, or are not. */
const ofOthers: ReadonlySet<unknown> = new Set([1216, 1217, 1451, 1452])
const isDuplicate = 1062

/** Whether rows other than those that were looked at made it fail. */
const isOfOthers = ({ is }: Statement, error: unknown): boolean => {
  const errno = (error as { errno?: unknown } | null)?.errno
  return ofOthers.has(errno) || (errno === isDuplicate && is !== 'insert')
}

const isTakingBack = ({ is }: Statement): boolean => is === 'rollback' || is === 'rollbackTo'

const isChange = (statement: Statement): statement is Insert | Change => 'table' in statement

const readsTable = ({ tokens }: Extract<Statement, { readonly is: 'select' }>): boolean =>
  tokens.some(({ is, says }) => is === 'word' && says === 'FROM')

const begin = async (parts: LookParts, statement: Insert | Change): Promise<Begun> => {
  const look =
    statement.is === 'insert'
      ? await lookAtInsert(parts, statement)
      : await lookAtChange(parts, statement)
  return { ...look, facts: parts.facts, statement }
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

interface Failed {
  readonly statement: Insert | Change
  /** Why nothing is known of what it may touch, or what it is. */
  readonly look: Begun | string
  readonly error: unknown
  readonly overlay: Overlay
}

/** That it fails, too, depends on what is there. */
const noteFailed = (reads: CagedReads, { statement, look, error, overlay }: Failed): void => {
  if (typeof look === 'string' || isOfOthers(statement, error)) reads.lose()
  else if (look.asks !== null) reads.keep(look.asks, overlay)
}

/** Whether it may have left rows out for others that nothing here has asked for. */
const leavesOut = ({ statement, facts, before }: Begun, changed: readonly Pair[]): boolean => {
  if (!statement.isIgnore) return false
  if (statement.is !== 'insert') return changed.length < before.length
  const isChild = facts.foreign?.some(({ is }) => is === 'parent') === true
  return isChild && changed.length + before.length < statement.rows.length
}

/** Of a change, all that its effect has depended on. @param overlay what had been written by then */
const keepAsked = (
  reads: CagedReads,
  look: Begun,
  changed: readonly Pair[],
  overlay: Overlay,
): void => {
  const { facts, statement, asks } = look
  const isReplace = statement.is === 'insert' && statement.verb === 'replace'
  const others = othersAsked(facts, changed, isReplace)
  for (const each of [asks, keysAsked(facts, statement, changed), others])
    if (each !== null) reads.keep(each, overlay)
  if (leavesOut(look, changed)) reads.lose()
}

/** To be asked about one statement after the other. */
export const createCageRecord = (link: MysqlLink, known: KnownFacts): CageRecord => {
  const factsOf = createFacts(link, known)
  const reads = createCagedReads()
  const met = createMet()
  const numbers = createNumbers(link)
  let overlay = emptyOverlay
  let why: string | null = null

  const lose = (error: unknown): null => {
    why ??= messageOf(error)
    // It may be that a table is not what it was.
    known.clear()
    overlay = emptyOverlay
    met.tables.clear()
    return null
  }
  const note = (look: Begun, changed: readonly Pair[]): void => {
    keepAsked(reads, look, changed, overlay)
    for (const pair of changed) {
      met.add(look.facts, pair)
      overlay = touch(overlay, look.facts, pair.before, pair.after)
    }
  }
  const change = async (
    statement: Insert | Change,
    sql: string,
    make: () => Promise<Answered>,
  ): Promise<Answered> => {
    const look = await factsOf(statement.table)
      .then((facts) => begin({ ...link, facts, sql, numbers }, statement))
      .catch(messageOf)
    const answered = await make().catch(async (error) => {
      noteFailed(reads, { statement, look, error, overlay })
      if (statement.is === 'insert' && link.isAlive()) await numbers.forget()
      throw error
    })
    if (typeof look === 'string') lose(look)
    else
      await finish(link, look, answered.result)
        .then((rows) => note(look, rows))
        .catch(lose)
    return answered
  }
  return {
    async around(statement, sql, make) {
      if (why !== null) return make()
      if (isChange(statement)) return change(statement, sql, make)
      const answered = await make()
      if (isTakingBack(statement))
        overlay = (await lookAgain(link.ask, met.tables.values()).catch(lose)) ?? overlay
      if (statement.is === 'select' && readsTable(statement))
        reads.keep(textOf(sql, { from: 0, to: statement.to }), overlay)
      return answered
    },
    overlay: () => overlay,
    reads: reads.all,
    why: () => why,
  }
}

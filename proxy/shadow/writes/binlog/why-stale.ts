/**
 * Whether a handler in a cage has read what it would have read in legacy's own database. All that it
 * has asked is asked once more, of the twin and of legacy's database with the rows that legacy has
 * written since put back: where both answer the same, what differs in its writes is its own doing.
 */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { inTurn } from '../in-turn.ts'
import { moment } from '../moment.ts'
import { loadMysql, type MysqlAddress, type MysqlLink, openLink, type Room } from '../mysql-link.ts'
import { emptyOverlay, type Overlay, overlayRead, type TouchedTable, touch } from '../overlay.ts'
import { createReadingLinks, type ReadingLinks } from '../reading-links.ts'
import type { CagedRead, Intended } from '../report.ts'
import { readTokens, type SqlReading } from '../sql-tokens.ts'
import { quoteText, type SqlRow } from '../table-facts.ts'

/** Why not, for people; null: it has. Never rejects. @param legacy what it wrote for the request */
export type WhyStale = (intended: Intended, legacy: Overlay) => Promise<string | null>

interface Servers {
  readonly twin: MysqlLink
  readonly own: MysqlLink
}

const mostRows = 1_000
/** Whoever waits for it waits no longer than ten seconds, and the log was waited for before. */
const longestMs = 3_000

/** As it was before. */
export const undone = (legacy: Overlay): Overlay => {
  let overlay = emptyOverlay
  for (const [name, { facts, rows }] of legacy) {
    const back = [...rows].map(
      ([key, { before, after }]) => [key, { before: after, after: before }] as const,
    )
    overlay = new Map(overlay).set(name, { facts, rows: new Map(back) })
  }
  return overlay
}

const isAlike = ({ facts }: TouchedTable, other: TouchedTable | undefined): boolean =>
  other === undefined ||
  facts.columns.map(({ name }) => name).join() ===
    other.facts.columns.map(({ name }) => name).join()

/** What modern had written, over what was there; null: its tables are others. */
export const over = (base: Overlay, modern: Overlay): Overlay | null => {
  let overlay = base
  for (const [name, table] of modern) {
    if (!isAlike(table, base.get(name))) return null
    for (const { before, after } of table.rows.values())
      overlay = touch(overlay, table.facts, before, after)
  }
  return overlay
}

/** The question as each of them is to be asked; null: one of them cannot be. */
const textsOf = (
  { sql, overlay }: CagedRead,
  before: Overlay,
  reading: SqlReading,
): { readonly twin: string; readonly own: string } | null => {
  const read = readTokens(sql, reading)
  const both = over(before, overlay)
  if ('why' in read || both === null) return null
  const twin = overlayRead(sql, read.tokens, sql.length, overlay)
  const own = overlayRead(sql, read.tokens, sql.length, both)
  return twin === null || own === null ? null : { twin, own }
}

/** Rows in no order: where none is asked for, each server has its own. As short as they are many. */
const said = (rows: readonly SqlRow[]): string =>
  rows
    .map((row) => {
      const hash = createHash('sha256')
      for (const value of row)
        hash.update(value === null ? '-' : `${Buffer.byteLength(value)}:`).update(value ?? '')
      return hash.digest('hex')
    })
    .toSorted()
    .join()

/** Of each of them; the thread that reads the log has 128 MiB for all that it does. */
const room: Room = { bytes: 8 * 1_048_576, values: 200_000 }

const untold = 'it reads in a way that cannot be asked again'
const tooLong = `${untold}: it takes too long`
const otherTables = 'a table of the twin has other columns than legacy’s'
const otherReading = 'the twin’s server reads quotes and backslashes otherwise than legacy’s'
const isOlder = 'it reads in the twin what legacy’s database did not say: the twin is older'

const whyOtherwise = async (
  read: CagedRead,
  before: Overlay,
  { twin, own }: Servers,
): Promise<string | null> => {
  const texts = textsOf(read, before, twin.reading)
  if (texts === null) return untold
  const [a, b] = await Promise.all([twin.ask(texts.twin), own.ask(texts.own)])
  if (a.length > mostRows || b.length > mostRows) return untold
  return said(a) === said(b) ? null : isOlder
}

const settle = async ({ ask }: MysqlLink, zone: string): Promise<void> => {
  await ask(`SET time_zone = ${quoteText(zone)}, sql_select_limit = ${mostRows + 1}`)
}

interface Question {
  readonly intended: Intended
  readonly reads: readonly CagedRead[]
  readonly before: Overlay
  /** The `moment` from which on nothing more is asked. */
  readonly end: number
}

const whyAny = async (
  { intended, reads, before, end }: Question,
  servers: Servers,
): Promise<string | null> => {
  if (over(before, intended.overlay) === null) return otherTables
  // What is a value to one of them may be a statement to the other.
  if (!isDeepStrictEqual(servers.twin.reading, servers.own.reading)) return otherReading
  await Promise.all([settle(servers.twin, intended.zone), settle(servers.own, intended.zone)])
  for (const read of reads) {
    if (moment() > end) return tooLong
    const why = await whyOtherwise(read, before, servers)
    if (why !== null) return why
  }
  return null
}

export interface WhyStaleOptions {
  /** Legacy's database. */
  readonly address: MysqlAddress
  /** Null: there is none. */
  readonly twin: MysqlAddress | null
}

/** Without values: servers quote them in what they say, and give it a code. */
const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? String(error.code) : error.message
}

/** Rejects where one of them cannot be reached; then nobody keeps the other. */
const takeBoth = async (twin: ReadingLinks, own: ReadingLinks): Promise<Servers> => {
  const first = await twin.take()
  try {
    return { twin: first, own: await own.take() }
  } catch (error) {
    twin.give(first)
    throw error
  }
}

export const createWhyStale = ({
  address,
  twin,
}: WhyStaleOptions): { readonly why: WhyStale; close(): void } => {
  const linksTo = (to: MysqlAddress): ReadingLinks =>
    createReadingLinks(() => openLink(loadMysql(import.meta.filename), to, longestMs, room))
  const links = twin === null ? null : { twin: linksTo(twin), own: linksTo(address) }

  // There is room for what one of them reads.
  const turn = inTurn()

  const ask = async (question: Question): Promise<string | null> => {
    if (links === null) return untold
    if (moment() > question.end) return tooLong
    const servers = await takeBoth(links.twin, links.own)
    try {
      const why = await whyAny(question, servers)
      links.twin.give(servers.twin)
      links.own.give(servers.own)
      return why
    } catch (error) {
      // The other one may still be answering.
      for (const { destroy } of [servers.twin, servers.own]) destroy()
      throw error
    }
  }
  return {
    async why(intended, legacy) {
      if (intended.caged === undefined) return null
      const { reads } = intended.caged
      if (reads === null) return 'not all that it reads can be asked again'
      const question = { intended, reads, before: undone(legacy), end: moment() + longestMs }
      return turn(() => ask(question)).catch((error: unknown) => `${untold}: ${nameOf(error)}`)
    },
    close() {
      links?.twin.close()
      links?.own.close()
    },
  }
}

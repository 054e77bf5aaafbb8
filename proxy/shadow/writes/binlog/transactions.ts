/** From events to transactions: what each changed, and for which request. */
import {
  type BinlogEvent,
  queryText,
  type RowsKind,
  readEvent,
  rotation,
  rowsKinds,
  trailingOf,
  types,
  writtenAt,
} from './binlog-events.ts'
import type { LogPosition, LogStart } from './log-position.ts'
import { requestIdIn } from './request-tag.ts'
import { tableIdOf } from './table-map.ts'

/** Rows as the log has them. Its bytes are nobody else's. */
export interface LoggedRows {
  /** Body of the event that describes their table. */
  readonly map: Buffer
  readonly kind: RowsKind
  readonly body: Buffer
}

/** What one committed transaction did for one request. */
export interface LoggedWrites {
  readonly request: string
  readonly start: LogStart
  readonly rows: readonly LoggedRows[]
  /** Why that may not be all of it; null: it is. */
  readonly unread: string | null
}

export interface TransactionsOptions {
  readonly from: LogPosition
  readonly onWrites: (writes: LoggedWrites) => void
  /** Rows were committed for nobody knows which request. */
  readonly onUntagged: () => void
  /** A statement has changed tables themselves. */
  readonly onSchema: () => void
  /** More than this of one transaction is not kept. */
  readonly limitBytes: number
}

export interface Transactions {
  /** @throws RangeError where an event is not what it says */
  take(bytes: Buffer): void
  /** Everything before this was taken. */
  position(): LogPosition
  /** The same, where no transaction is cut in two. */
  resumeAt(): LogPosition
}

interface Group {
  readonly start: LogStart
  readonly rows: Map<string, LoggedRows[]>
  request: string | null
  unread: string | null
  bytes: number
}

interface State {
  position: LogPosition
  resumeAt: LogPosition
  trailing: number
  readonly maps: Map<number, Buffer>
  /** The same with memory of its own, once rows of it are kept. */
  readonly kept: Map<number, Buffer>
  group: Group | null
}

const untagged = 'a statement before it in the same transaction names no request'

const begin = (state: State, event: BinlogEvent): void => {
  const { file } = state.position
  const start = { file, offset: Math.max(event.at, 0), writtenAt: writtenAt(event) }
  state.group = { start, rows: new Map(), request: null, unread: null, bytes: 0 }
}

const forget = (state: State): void => {
  state.group = null
  state.maps.clear()
  state.kept.clear()
}

const commit = (state: State, { onWrites, onUntagged }: TransactionsOptions): void => {
  const { group } = state
  forget(state)
  if (group === null) return
  if (group.rows.size === 0) onUntagged()
  const { start, unread } = group
  for (const [request, rows] of group.rows) onWrites({ request, start, rows, unread })
}

const name = ({ group }: State, statement: Buffer): void => {
  const request = requestIdIn(statement)
  if (group === null || request === null) return
  group.request = request
  if (!group.rows.has(request)) group.rows.set(request, [])
}

const ownMap = ({ maps, kept }: State, id: number): Buffer | null => {
  const map = kept.get(id) ?? maps.get(id)
  if (map === undefined) return null
  if (!kept.has(id)) kept.set(id, Buffer.from(map))
  return kept.get(id) ?? null
}

const keepRows = (
  state: State,
  { type, body }: BinlogEvent,
  { limitBytes }: TransactionsOptions,
): void => {
  const [{ group }, kind] = [state, rowsKinds.get(type)]
  if (group === null || kind === undefined) return
  if (group.request === null) {
    group.unread ??= untagged
    return
  }
  const map = ownMap(state, tableIdOf(body))
  group.bytes += body.length
  if (map === null) group.unread ??= 'its log does not describe a table'
  else if (group.bytes > limitBytes) group.unread ??= 'it changes more rows than are kept'
  else group.rows.get(group.request)?.push({ map, kind, body: Buffer.from(body) })
}

/** Statements that end a transaction, or belong to none. */
const onQuery = (state: State, event: BinlogEvent, options: TransactionsOptions): void => {
  const statement = queryText(event)
  const word = statement.subarray(0, 12).toString('latin1').toUpperCase()
  if (word.startsWith('BEGIN')) {
    if (state.group === null) begin(state, event)
  } else if (word.startsWith('COMMIT')) commit(state, options)
  else if (word === 'ROLLBACK TO ') setUnread(state, 'a part of it was taken back')
  else if (word.startsWith('ROLLBACK')) forget(state)
  else if (!word.startsWith('SAVEPOINT')) {
    options.onSchema()
    name(state, statement)
    setUnread(state, 'a statement of it is logged without its rows')
    // Nothing follows a statement that stands alone.
    if (state.group !== null && state.group.bytes === 0) commit(state, options)
  }
}

const setUnread = ({ group }: State, why: string): void => {
  if (group !== null) group.unread ??= why
}

const ends: ReadonlySet<number> = new Set([types.xid])
const begins: ReadonlySet<number> = new Set([
  types.mariadbGtid,
  types.gtid,
  types.anonymousGtid,
  types.taggedGtid,
])
const queries: ReadonlySet<number> = new Set([types.query, types.queryCompressed])

type On = (state: State, event: BinlogEvent, options: TransactionsOptions) => void

/** A session may compress what its server does not; what the server has lost, nobody knows. */
const unknown: On = (state, _, { onUntagged }) => {
  forget(state)
  onUntagged()
}

const handlers: ReadonlyMap<number, On> = new Map<number, On>([
  [
    types.rotate,
    (state, { body }) => {
      const { file, offset } = rotation(body)
      // Before the format is known, nobody knows whether the name is followed by what checks it.
      const isSame = file.startsWith(state.position.file)
      state.position = { file: isSame ? state.position.file : file, offset }
      forget(state)
    },
  ],
  [
    types.format,
    (state, { body }) => {
      state.trailing = trailingOf(body)
    },
  ],
  [types.annotate, (state, { body }) => name(state, body)],
  // Its first byte is a length that is too short to say it.
  [types.rowsQuery, (state, { body }) => name(state, body.subarray(1))],
  [types.tableMap, (state, { body }) => void state.maps.set(tableIdOf(body), body)],
  [types.partialUpdate, (state) => setUnread(state, 'it logs only parts of values')],
  [types.payload, unknown],
  [types.incident, unknown],
  // Prepared, it may still be rolled back.
  [types.xaPrepare, forget],
])

const dispatch: On = (state, event, options) => {
  const { type } = event
  if (begins.has(type)) begin(state, event)
  else if (ends.has(type)) commit(state, options)
  else if (queries.has(type)) onQuery(state, event, options)
  else if (rowsKinds.has(type)) keepRows(state, event, options)
  else handlers.get(type)?.(state, event, options)
}

/** What is not of a transaction that goes on needs not be read once more. */
const advance = (state: State, { at, next, type }: BinlogEvent): void => {
  if (type === types.rotate) {
    state.resumeAt = state.position
    return
  }
  if (at < 0 || next < state.position.offset) return
  state.position = { ...state.position, offset: next }
  if (state.group === null) state.resumeAt = state.position
}

export const createTransactions = (options: TransactionsOptions): Transactions => {
  const { from } = options
  const state: State = {
    ...{ position: from, resumeAt: from, trailing: 0, group: null },
    maps: new Map(),
    kept: new Map(),
  }
  return {
    take(bytes) {
      const event = readEvent(bytes, bytes.readUInt8(4) === types.format ? 0 : state.trailing)
      dispatch(state, event, options)
      advance(state, event)
    },
    position: () => state.position,
    resumeAt: () => state.resumeAt,
  }
}

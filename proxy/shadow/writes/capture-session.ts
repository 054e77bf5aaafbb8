/** One request whose writes are recorded: each of its statements is answered, and none is executed. */
import { type ChangeParts, UntoldError } from './change-parts.ts'
import { emptyOverlay, mentioned, type Overlay, overlayRead } from './overlay.ts'
import { recordChange } from './record-change.ts'
import { createNextId, recordInsert } from './record-insert.ts'
import { readStatement } from './sql-statement.ts'
import type { SqlReading } from './sql-tokens.ts'
import type { Change, Insert, Statement } from './statement.ts'
import { type AskRows, readTableFacts, type TableFacts } from './table-facts.ts'

/** How one statement is to be answered. */
export type Reply =
  /** By the server, as this text. */
  | { readonly is: 'read'; readonly sql: string }
  /** As if it had been done. */
  | {
      readonly is: 'done'
      readonly affected: number
      readonly matched: number
      readonly insertId: number | string
    }

export interface CaptureSession {
  /**
   * @param connection names who asks: transactions belong to connections
   * @param filled the statement with its places filled in, where it has any
   * @throws UntoldError where it cannot be told; an error as the server's where the server would throw
   */
  answer(connection: number, sql: string, filled: string): Promise<Reply>
  /** What would be there now. */
  overlay(): Overlay
}

export interface CaptureSessionOptions {
  /** On the snapshot. */
  readonly ask: AskRows
  readonly reading: SqlReading
  readonly isMariadb: boolean
}

/** What a transaction goes back to. */
interface Open {
  readonly base: Overlay
  readonly savepoints: Map<string, Overlay>
}

interface State {
  overlay: Overlay
  readonly open: Map<number, Open>
  /** Whose writes are not committed; null: nobody's. */
  writer: number | null
}

const createState = (): State => ({ overlay: emptyOverlay, open: new Map(), writer: null })

const done: Reply = { is: 'done', affected: 0, matched: 0, insertId: 0 }

const noSavepoint = (name: string): Error =>
  Object.assign(new Error(`SAVEPOINT ${name} does not exist`), {
    errno: 1305,
    code: 'ER_SP_DOES_NOT_EXIST',
    sqlState: '42000',
  })

const end = (state: State, connection: number, keeps: boolean): void => {
  const open = state.open.get(connection)
  state.open.delete(connection)
  if (state.writer !== connection) return
  state.writer = null
  if (!keeps && open !== undefined) state.overlay = open.base
}

const onSavepoint = (
  state: State,
  connection: number,
  name: string,
  is: 'savepoint' | 'rollbackTo' | 'release',
): void => {
  const open = state.open.get(connection)
  if (open === undefined) return
  const known = open.savepoints.get(name)
  if (is === 'savepoint') open.savepoints.delete(name)
  else if (known === undefined) throw noSavepoint(name)
  if (is === 'savepoint') open.savepoints.set(name, state.overlay)
  if (is === 'rollbackTo' && known !== undefined && state.writer === connection)
    state.overlay = known
  if (is === 'release') open.savepoints.delete(name)
}

type Control = Exclude<
  Statement['is'],
  'select' | 'show' | 'insert' | 'update' | 'delete' | 'refused' | 'setting'
>

const control = (
  state: State,
  connection: number,
  statement: Extract<Statement, { readonly is: Control }>,
): Reply => {
  const { is } = statement
  if (is === 'begin') {
    end(state, connection, true)
    state.open.set(connection, { base: state.overlay, savepoints: new Map() })
  } else if (is === 'commit' || is === 'rollback') end(state, connection, is === 'commit')
  else if ('name' in statement) onSavepoint(state, connection, statement.name, statement.is)
  return done
}

const isChange = (statement: Statement): statement is Insert | Change => 'table' in statement

const ownWrite = (why: string): never => {
  throw new UntoldError('own_write', why)
}

const createSchema = ({ ask, isMariadb }: CaptureSessionOptions) => {
  const known = new Map<string, TableFacts>()
  let views: readonly string[] | null = null
  return {
    async facts(name: string): Promise<TableFacts> {
      const facts = known.get(name) ?? (await readTableFacts(name, isMariadb, ask))
      known.set(name, facts)
      if (facts.unfit !== null) throw new UntoldError('statement', `table ${name}: ${facts.unfit}`)
      return facts
    },
    async views(): Promise<readonly string[]> {
      views ??= (
        await ask('SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()')
      ).map(([name]) => name ?? '')
      return views
    },
  }
}

/** The session ends with the snapshot that it is on. */
export const createCaptureSession = (options: CaptureSessionOptions): CaptureSession => {
  const { ask, reading } = options
  const state = createState()
  const schema = createSchema(options)
  const nextId = createNextId(ask)

  const read = async (
    connection: number,
    sql: string,
    statement: Extract<Statement, { is: 'select' }>,
  ): Promise<Reply> => {
    const { tokens, to } = statement
    const plain: Reply = { is: 'read', sql: sql.slice(0, to) }
    if (state.overlay.size === 0) return plain
    const views = mentioned(tokens, await schema.views())
    if (views.length > 0) ownWrite('it reads a view after a write')
    const dirty = mentioned(tokens, state.overlay.keys())
    if (dirty.length === 0) return plain
    if (state.writer !== null && state.writer !== connection)
      ownWrite('another transaction of the request has written it')
    if (tokens[0]?.says === 'WITH') ownWrite('it reads what it wrote by WITH')
    const text = overlayRead(sql, tokens, to, state.overlay)
    return {
      is: 'read',
      sql: text ?? ownWrite('it reads what it wrote in a way that cannot be answered'),
    }
  }
  const change = async (
    connection: number,
    sql: string,
    statement: Insert | Change,
  ): Promise<Reply> => {
    if (state.writer !== null && state.writer !== connection)
      ownWrite('another transaction of the request has written')
    const facts = await schema.facts(statement.table)
    const parts: ChangeParts = { ask, reading, facts, sql, nextId, overlay: state.overlay }
    const { overlay, ...told } =
      statement.is === 'insert'
        ? await recordInsert(parts, statement)
        : await recordChange(parts, statement)
    state.overlay = overlay
    if (state.open.has(connection)) state.writer = connection
    return { is: 'done', ...told }
  }
  return {
    overlay: () => state.overlay,
    async answer(connection, sql, filled) {
      const statement = readStatement(sql, reading)
      if (statement.is === 'refused') throw new UntoldError('statement', statement.why)
      if (statement.is === 'select') return read(connection, sql, statement)
      if (statement.is === 'show' || statement.is === 'setting') return { is: 'read', sql }
      if (!isChange(statement)) return control(state, connection, statement)
      const whole = readStatement(filled, reading)
      return isChange(whole) ? change(connection, filled, whole) : ownWrite('its values change it')
    },
  }
}

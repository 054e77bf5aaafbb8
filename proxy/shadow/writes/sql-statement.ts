/** Reads what one statement does, as far as it must be known to let it pass, record it or refuse it. Pure. */

import { readDelete, readInsert, readReplace, readUpdate } from './sql-changes.ts'
import { type Cursor, createCursor } from './sql-cursor.ts'
import { readTokens, type SqlReading, type SqlToken } from './sql-tokens.ts'
import type { Statement } from './statement.ts'

/** What a read may not say: each of these leaves a trace or takes what others wait for. */
const refusedWords: ReadonlySet<string> = new Set(
  (
    'INTO OUTFILE DUMPFILE PROCEDURE NEXTVAL SETVAL LASTVAL NEXT GET_LOCK RELEASE_LOCK ' +
    'RELEASE_ALL_LOCKS IS_FREE_LOCK IS_USED_LOCK LAST_INSERT_ID ROW_COUNT FOUND_ROWS ' +
    'SQL_CALC_FOUND_ROWS LOAD_FILE SLEEP BENCHMARK MASTER_POS_WAIT MASTER_GTID_WAIT ' +
    'WAIT_FOR_EXECUTED_GTID_SET SOURCE_POS_WAIT UUID_SHORT SYS_EXEC SYS_EVAL'
  ).split(' '),
)

/** `WITH … DELETE` is a statement too. */
const changingWords: ReadonlySet<string> = new Set(['DELETE', 'INSERT', 'UPDATE', 'REPLACE'])

const refused = (why: string): Statement => ({ is: 'refused', why })

const ofFunction = (tokens: readonly SqlToken[], at: number): boolean =>
  tokens[at + 1]?.says === '('

/** The word that a read may not say; undefined: there is none. A name in quotes may be a function too. */
const findRefused = (tokens: readonly SqlToken[]): SqlToken | undefined =>
  tokens.find(
    ({ is, says }, at) =>
      (is === 'word' && refusedWords.has(says)) ||
      (is === 'name' && refusedWords.has(says.toUpperCase()) && ofFunction(tokens, at)),
  )

const lockStarts: readonly (readonly string[])[] = [
  ['FOR', 'UPDATE'],
  ['FOR', 'SHARE'],
  ['LOCK', 'IN', 'SHARE', 'MODE'],
]

/** Where the locking clause begins, and how deep in parentheses; null: there is none. */
const findLock = (
  tokens: readonly SqlToken[],
): { readonly from: number; readonly depth: number } | null => {
  let depth = 0
  for (const [at, { is, says, from }] of tokens.entries()) {
    if (says === '(' && is === 'sign') depth += 1
    if (says === ')' && is === 'sign') depth -= 1
    const starts = lockStarts.some((words) =>
      words.every((word, n) => tokens[at + n]?.is === 'word' && tokens[at + n]?.says === word),
    )
    if (starts) return { from, depth }
  }
  return null
}

const readSelect = (cursor: Cursor): Statement => {
  const { tokens } = cursor
  const bad = findRefused(tokens)
  if (bad !== undefined) return refused(`a read with ${bad.says}`)
  const lock = findLock(tokens)
  if (lock !== null && lock.depth > 0) return refused('a lock within a subquery')
  const to = lock?.from ?? tokens.at(-1)?.to ?? 0
  const kept = tokens.filter(({ from }) => from < to)
  const changes = kept.some(
    ({ is, says }, at) => is === 'word' && changingWords.has(says) && !ofFunction(kept, at),
  )
  return changes ? refused('a read that changes') : { is: 'select', tokens: kept, to }
}

const shown: ReadonlySet<string> = new Set(
  'FULL TABLES COLUMNS FIELDS INDEX INDEXES KEYS VARIABLES WARNINGS DATABASES SCHEMAS COLLATION'.split(
    ' ',
  ),
)

const readShow = (cursor: Cursor): Statement =>
  cursor.peek(1)?.is === 'word' && shown.has(cursor.peek(1)?.says ?? '')
    ? { is: 'show' }
    : refused('a SHOW that is not known')

const plainSets = [
  /^SET (?:SESSION )?TIME_ZONE = \S+$/,
  /^SET NAMES (?:UTF8|UTF8MB3|UTF8MB4|LATIN1|ASCII|'(?:utf8|utf8mb3|utf8mb4|latin1|ascii)')(?: COLLATE \S+)?$/,
]
const emptySets = [
  /^SET (?:SESSION )?TRANSACTION ISOLATION LEVEL (?:READ UNCOMMITTED|READ COMMITTED|REPEATABLE READ|SERIALIZABLE)$/,
  /^SET (?:SESSION )?AUTOCOMMIT = 1$/,
]

const readSet = ({ tokens }: Cursor): Statement => {
  const said = tokens.map(({ says }) => says).join(' ')
  if (plainSets.some((one) => one.test(said))) return { is: 'setting' }
  return emptySets.some((one) => one.test(said)) ? { is: 'ignored' } : refused('a SET')
}

const oneName = (cursor: Cursor, is: 'savepoint' | 'rollbackTo' | 'release'): Statement => {
  const name = cursor.name()
  return name === null || !cursor.isOver() ? refused('a savepoint without a name') : { is, name }
}

const readRollback = (cursor: Cursor): Statement => {
  cursor.skip('ROLLBACK')
  cursor.skip('WORK')
  if (cursor.isOver()) return { is: 'rollback' }
  if (!cursor.skip('TO')) return refused('a ROLLBACK that does more')
  cursor.skip('SAVEPOINT')
  return oneName(cursor, 'rollbackTo')
}

const exactly =
  (forms: readonly string[], is: 'begin' | 'commit') =>
  ({ tokens }: Cursor): Statement =>
    forms.includes(tokens.map(({ says }) => says).join(' ')) &&
    tokens.every((one) => one.is === 'word')
      ? { is }
      : refused('a transaction that is opened or closed in its own way')

const readers: Readonly<Record<string, (cursor: Cursor) => Statement>> = {
  SELECT: readSelect,
  WITH: readSelect,
  SHOW: readShow,
  INSERT: readInsert,
  REPLACE: readReplace,
  UPDATE: readUpdate,
  DELETE: readDelete,
  BEGIN: exactly(['BEGIN', 'BEGIN WORK'], 'begin'),
  START: exactly(['START TRANSACTION'], 'begin'),
  COMMIT: exactly(['COMMIT', 'COMMIT WORK'], 'commit'),
  ROLLBACK: readRollback,
  SAVEPOINT(cursor) {
    cursor.skip('SAVEPOINT')
    return oneName(cursor, 'savepoint')
  },
  RELEASE(cursor) {
    cursor.skip('RELEASE')
    return cursor.skip('SAVEPOINT') ? oneName(cursor, 'release') : refused('a RELEASE')
  },
  SET: readSet,
}

const functionsIn = (sql: string, cursor: Cursor): Statement | null => {
  const bad = findRefused(cursor.tokens.filter(({ is, says }) => is !== 'word' || says !== 'INTO'))
  return bad === undefined ? null : refused(`${sql.slice(bad.from, bad.to)} in a change`)
}

/** Whatever is not understood to its end is refused, with a reason for people. */
export const readStatement = (sql: string, reading: SqlReading): Statement => {
  const read = readTokens(sql, reading)
  if ('why' in read) return refused(read.why)
  const [first] = read.tokens
  const reader = first?.is === 'word' ? readers[first.says] : undefined
  if (first === undefined || reader === undefined)
    return refused(
      first?.is === 'word' ? `${first.says} is neither read nor write` : 'it is no statement',
    )
  const cursor = createCursor(read.tokens)
  const statement = reader(cursor)
  if (statement.is !== 'insert' && statement.is !== 'update' && statement.is !== 'delete')
    return statement
  return functionsIn(sql, cursor) ?? statement
}

/** Failures to reach a database, said for the person who has to mend them. */
import { hidePassword } from './database-url.ts'

// biome-ignore format: a table reads best as a table
const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED:         'nothing listens there; is the server running, is the port right?',
  ENOTFOUND:            'the name of the host is not known',
  EHOSTUNREACH:         'there is no way to the host',
  ETIMEDOUT:            'the server does not answer',
  PROTOCOL_CONNECTION_LOST: 'the server closed the connection',
  ER_ACCESS_DENIED_ERROR: 'the server refuses user or password',
  ER_DBACCESS_DENIED_ERROR: 'the user has no right to that database',
  ER_BAD_DB_ERROR:      'the server has no database of that name',
  ER_CON_COUNT_ERROR:   'the server has no connection left',
  ER_LOCK_WAIT_TIMEOUT: 'another transaction holds its lock; end it, then try again',
  SQLITE_BUSY:          'another process holds its lock; end that transaction, then try again',
  SQLITE_CANTOPEN:      'the file cannot be opened; check path and rights, or create it by `migrate up`',
  SQLITE_NOTADB:        'the file is not a SQLite database',
  SQLITE_READONLY:      'the file may not be written',
  SequelizeConnectionAcquireTimeoutError: 'no connection became free; the server is slow or the pool too small',
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Sequelize keeps the driver's error as `parent`, umzug keeps Sequelize's as `cause`. */
const adviceFor = (failure: unknown): string | null => {
  if (!(failure instanceof Error)) return null
  const found = advice[codeOf(failure)] ?? advice[failure.name]
  return found ?? adviceFor('parent' in failure ? failure.parent : failure.cause)
}

/**
 * One sentence with a way out and without the password; null when the failure is not about
 * reaching the database. Takes what Sequelize throws.
 */
export const describeDatabaseFailure = (failure: unknown, url: string): string | null => {
  const found = adviceFor(failure)
  return found === null ? null : `The database ${hidePassword(url)} cannot be used: ${found}`
}

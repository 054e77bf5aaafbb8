/** What a shadowed handler may try against its database, and whether any of it stays. */
import { randomInt } from 'node:crypto'
import { Worker } from 'node:worker_threads'

/** Statements that would leave a trace, or let others out; `#` is a number that no row has yet. */
export const leakingStatements: readonly string[] = [
  "INSERT INTO tags (name) VALUES ('leak #')",
  "INSERT INTO tags SET name = 'leak #'",
  "INSERT IGNORE INTO favorites (user_id, article_id, created_at) VALUES (1, #, '2020-01-01 00:00:00')",
  "INSERT INTO tags (id, name) VALUES (1, 'leak') ON DUPLICATE KEY UPDATE name = VALUES(name)",
  "REPLACE INTO tags (id, name) VALUES (1, 'leak #')",
  'INSERT INTO tags (name) SELECT name FROM tags',
  "INSERT INTO tags (name) VALUES ('leak #') RETURNING id",
  "UPDATE articles SET title = 'leak #'",
  'UPDATE articles SET id = id + 1000 ORDER BY id DESC',
  'UPDATE articles a JOIN users u ON u.id = a.author_id SET a.title = u.username',
  'DELETE FROM comments',
  'DELETE FROM articles WHERE id = 1',
  'DELETE a FROM articles a JOIN users u ON u.id = a.author_id',
  'TRUNCATE TABLE comments',
  'CREATE TABLE leak_# (a INT)',
  'CREATE TABLE leak_# AS SELECT * FROM tags',
  'CREATE TEMPORARY TABLE leak_# (a INT)',
  'ALTER TABLE tags ADD COLUMN leak_# INT',
  'DROP TABLE IF EXISTS favorites',
  'RENAME TABLE tags TO leak_#',
  'CREATE OR REPLACE VIEW leak_# AS SELECT 1',
  'CREATE INDEX leak_# ON tags (name)',
  'COMMIT',
  'COMMIT AND CHAIN',
  'ROLLBACK',
  'BEGIN',
  'START TRANSACTION READ WRITE',
  '/*!50000 COMMIT */',
  '/*M!100000 COMMIT */',
  "SELECT 1; INSERT INTO tags (name) VALUES ('leak #')",
  'SET autocommit = 1',
  'SET SESSION TRANSACTION READ WRITE',
  "SET STATEMENT max_statement_time = 1 FOR INSERT INTO tags (name) VALUES ('leak #')",
  'LOCK TABLES tags WRITE',
  'FLUSH TABLES',
  'ANALYZE TABLE tags',
  'OPTIMIZE TABLE tags',
  "PREPARE p FROM 'COMMIT'",
  "EXECUTE IMMEDIATE 'COMMIT'",
  "EXECUTE IMMEDIATE 'CREATE TABLE leak_# (a INT)'",
  "BEGIN NOT ATOMIC INSERT INTO tags (name) VALUES ('leak #'); COMMIT; END",
  'CALL leak()',
  'SELECT leaked()',
  'SELECT writing()',
  'SELECT * FROM tags FOR UPDATE',
  "SELECT name INTO OUTFILE '/tmp/leak_#' FROM tags",
  "XA END 'x'",
  'XA COMMIT "x" ONE PHASE',
  'SAVEPOINT a',
  'ROLLBACK TO SAVEPOINT a',
  'RELEASE SAVEPOINT a',
  "SELECT GET_LOCK('leak', 1)",
  'SELECT @leak := 1',
  'HANDLER tags OPEN',
  'DO SLEEP(0)',
  "INSERT INTO lasting (v) VALUES ('leak #')",
  'INSERT INTO counted (v) VALUES (1)',
  'SELECT NEXT VALUE FOR numbers',
  "SELECT '\\'; COMMIT; -- ', 1",
  'SELECT "a""b", \'c\'\'d\', `name` FROM tags -- \n LIMIT 1',
]

/** What the thread that is to leak is told. */
export interface LeakTask {
  readonly databaseUrl: string
  readonly kind: 'read' | 'capture' | 'cage'
  /** Of a cage: whether what is done there is looked at. */
  readonly isRecorded: boolean
  readonly module: string
  /** In the order in which they are tried, by this many connections at once. */
  readonly statements: readonly string[]
  readonly connections: number
}

/** How a handler may stand before its database. */
export const stands: readonly Pick<LeakTask, 'kind' | 'isRecorded'>[] = [
  { kind: 'read', isRecorded: false },
  { kind: 'capture', isRecorded: false },
  { kind: 'cage', isRecorded: false },
  { kind: 'cage', isRecorded: true },
]

/** A number source for the fuzz. */
export type Draw = (below: number) => number

export const drawStatements = (draw: Draw, count: number): readonly string[] =>
  Array.from({ length: count }, () => {
    const statement = leakingStatements[draw(leakingStatements.length)] ?? ''
    return statement.replaceAll('#', String(900_000 + draw(99_999)))
  })

/**
 * Runs a lane's driver in a thread; ends the thread at a random moment, or lets it come to its end.
 * Resolves once the thread is gone, with what it reported.
 */
export const leakInThread = (task: LeakTask, killAfterMs: number | null): Promise<unknown> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./leak-worker.js', import.meta.url), { workerData: task })
    let report: unknown = null
    worker.on('message', (message: { is: string; report?: unknown }) => {
      if (message.is === 'done') report = message.report
      if (message.is === 'begun' && killAfterMs !== null)
        setTimeout(() => void worker.terminate(), killAfterMs)
    })
    worker.on('error', (error) => {
      report = error
    })
    worker.on('exit', () => resolve(report))
  })

export const draw: Draw = (below) => randomInt(below)

import { equal, match } from 'node:assert/strict'
import { readStatement } from './sql-statement.ts'

const plain = { ansiQuotes: false, backslashEscapes: true }

/** What is let through or recorded, and as what. */
// biome-ignore format: a table reads best as a table
const understood: readonly (readonly [string, string])[] = [
  ['SELECT 1', 'select'],
  ['  /* a */ SELECT a -- b\n FROM t # c', 'select'],
  ['SELECT 1;', 'select'],
  ['SELECT * FROM t FOR UPDATE', 'select'],
  ['SELECT * FROM t LOCK IN SHARE MODE', 'select'],
  ["SELECT 'COMMIT; DROP TABLE t', `INTO` FROM t", 'select'],
  ["SELECT 'it''s', 'a\\'b', \"x\"\"y\"", 'select'],
  ['SELECT REPLACE(a, 1, 2) FROM t', 'select'],
  ['WITH x AS (SELECT 1) SELECT * FROM x', 'select'],
  ['SHOW FULL COLUMNS FROM t', 'show'],
  ["INSERT INTO t (a, b) VALUES (1, 'x'), (2, CONCAT('a', 'b'))", 'insert'],
  ['INSERT IGNORE INTO `t` VALUES (?, ?)', 'insert'],
  ['INSERT INTO t SET a = 1, b = NOW()', 'insert'],
  ['INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a), b = b + 1', 'insert'],
  ['REPLACE INTO t (a) VALUES (1)', 'insert'],
  ['UPDATE t SET a = a + 1 WHERE id IN (SELECT id FROM u) ORDER BY id LIMIT 1', 'update'],
  ['DELETE FROM t WHERE id = 1 LIMIT 1', 'delete'],
  ['START TRANSACTION', 'begin'],
  ['COMMIT', 'commit'],
  ['ROLLBACK', 'rollback'],
  ['SAVEPOINT `a-b`', 'savepoint'],
  ['ROLLBACK TO SAVEPOINT a', 'rollbackTo'],
  ['RELEASE SAVEPOINT a', 'release'],
  ["SET time_zone = '+00:00'", 'setting'],
  ['SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', 'ignored'],
]

// biome-ignore format: a table reads best as a table
const refused: readonly string[] = [
  '', ';', 'SELECT 1; SELECT 2', 'CREATE TABLE t (a INT)', 'TRUNCATE t', 'CALL p()', 'DO 1',
  '/*! COMMIT */', '/*!50000 COMMIT */ SELECT 1', '/*M! COMMIT */', 'SELECT /*+ SET_VAR(x=1) */ 1',
  "SELECT 'open", 'SELECT `open', 'SELECT /* open', 'SELECT 1 */', 'SELECT /* a /* b */ c */ 1',
  'SELECT 1--1', 'SELECT @a := 1', 'SELECT @a', 'SELECT a INTO OUTFILE "/x" FROM t', 'SELECT 1 INTO @a',
  "SELECT GET_LOCK('a', 1)", "SELECT `get_lock`('a', 1)", 'SELECT NEXTVAL(s)', 'SELECT NEXT VALUE FOR s',
  'SELECT * FROM (SELECT * FROM t FOR UPDATE) x', 'WITH x AS (SELECT 1) DELETE FROM t',
  'INSERT INTO t SELECT * FROM u', 'INSERT INTO t (a) VALUES (1) RETURNING a', 'INSERT INTO db.t (a) VALUES (1)',
  'INSERT INTO t (a, b) VALUES (1)', 'UPDATE t, u SET t.a = 1', 'UPDATE t AS x SET a = 1',
  'DELETE t FROM t JOIN u', 'DELETE FROM t RETURNING a', "UPDATE t SET a = GET_LOCK('a', 1)",
  'START TRANSACTION READ WRITE', 'COMMIT AND CHAIN', 'ROLLBACK RELEASE', 'BEGIN NOT ATOMIC COMMIT; END',
  'SET autocommit = 0', 'SET SESSION TRANSACTION READ WRITE', "SET sql_mode = 'ANSI_QUOTES'", 'SET NAMES gbk',
  'EXPLAIN DELETE FROM t', 'ANALYZE UPDATE t SET a = 1', 'SELECT 1 \0', 'SELECT \\', 'XA START "a"',
]

describe('readStatement', () => {
  for (const [sql, is] of understood)
    it(`takes ${sql} for ${is}`, () => equal(readStatement(sql, plain).is, is))

  for (const sql of refused)
    it(`refuses ${JSON.stringify(sql)}`, () => {
      const statement = readStatement(sql, plain)
      equal(statement.is, 'refused')
      match('why' in statement ? statement.why : '', /\w/)
    })

  it('reads quotes and backslashes as the server does', () => {
    const sql = "SELECT '\\'; COMMIT; -- '"
    equal(readStatement(sql, plain).is, 'select')
    equal(readStatement(sql, { ...plain, backslashEscapes: false }).is, 'refused')
    const double = 'SELECT "a" FROM "t;u"'
    equal(readStatement(double, { ...plain, ansiQuotes: true }).is, 'select')
  })
})

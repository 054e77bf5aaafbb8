import assert from 'node:assert/strict'
import { openSqliteFile } from './sqlite-driver.ts'

describe('completeTexts', () => {
  const file = openSqliteFile(':memory:', { create: true })
  const rows = (sql: string, given: readonly unknown[] | Record<string, unknown> = []) =>
    file.step(sql, given).run().rows

  before(() => {
    rows('CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, "b ""c" VARCHAR(9), n BIGINT, x BLOB)')
    const insert = 'INSERT INTO t (a, "b ""c", n, x) VALUES (?, ?, ?, ?)'
    rows(insert, ['é\0😀\0', '\0', '9007199254740993', Buffer.from([0, 1])])
    rows(insert, ['plain', null, null, null])
    rows("INSERT INTO t (a, n) VALUES ('\0', 7)")
  })
  after(() => file.close())

  it('reads texts behind a NUL, in any column, and all else as ever', () => {
    assert.deepEqual(rows('SELECT * FROM t ORDER BY id DESC'), [
      { id: 3, a: '\0', 'b "c': null, n: '7', x: null },
      { id: 2, a: 'plain', 'b "c': null, n: null, x: null },
      { id: 1, a: 'é\0😀\0', 'b "c': '\0', n: '9007199254740993', x: Buffer.from([0, 1]) },
    ])
  })

  for (const [title, sql, given, expected] of [
    ['a value by position', 'SELECT a FROM t WHERE a = ?', ['é\0😀\0'], [{ a: 'é\0😀\0' }]],
    ['a value by name', 'SELECT $v AS a', { v: 'x\0' }, [{ a: 'x\0' }]],
    ['a semicolon at the end', 'SELECT a FROM t WHERE id = 3 ; ', [], [{ a: '\0' }]],
    ['a comment at the end', 'SELECT a FROM t WHERE id = 3 -- why', [], [{ a: '\0' }]],
    [
      'numbers and texts in one column',
      "SELECT 12 AS v UNION ALL SELECT 'x'||char(0)",
      [],
      [{ v: 12 }, { v: 'x\0' }],
    ],
    ['a limit', 'SELECT a FROM t ORDER BY a DESC LIMIT 1 OFFSET 0', [], [{ a: 'é\0😀\0' }]],
  ] as const) {
    it(`reads them with ${title}`, () => assert.deepEqual(rows(sql, given), expected))
  }

  it('writes nothing twice', () => {
    const answer = rows("INSERT INTO t (a) VALUES ('once') RETURNING a")
    assert.deepEqual(answer, [{ a: 'once' }])
    assert.deepEqual(rows("SELECT count(*) AS n FROM t WHERE a = 'once'"), [{ n: 1 }])
  })
})

import { deepEqual, equal } from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteModule } from '../../store/sqlite-module.ts'
import { compareSqlite } from './compare-sqlite.ts'

const schema = [
  'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, at TEXT, price REAL, face BLOB)',
  'CREATE TABLE tags (userId INT, tag TEXT, PRIMARY KEY (userId, tag)) WITHOUT ROWID',
  'CREATE TABLE log (line TEXT)',
  'CREATE TABLE "odd ""name"" / *" ("a b" TEXT PRIMARY KEY, "c\'d" INT)',
  "INSERT INTO users VALUES (1, 'ann', '2026-01-02 03:04:05', 1.5, x'00ff'), (2, 'bob', '', 2, NULL)",
  "INSERT INTO tags VALUES (1, 'x')",
  `INSERT INTO "odd ""name"" / *" VALUES ('k', 1)`,
]

/** What each does, and where that differs. */
const cases: readonly [string, readonly string[], readonly string[], readonly string[]][] = [
  ['nothing', [], [], []],
  [
    'the same',
    ["UPDATE users SET name = 'eve' WHERE id = 1"],
    ["UPDATE users SET name = 'eve' WHERE id = 1"],
    [],
  ],
  ['a change that changes nothing', ["UPDATE users SET name = 'ann' WHERE id = 1"], [], []],
  ['a row that came and went', ["INSERT INTO log VALUES ('x')", 'DELETE FROM log'], [], []],
  [
    'another letter',
    ["UPDATE users SET name = 'eve' WHERE id = 1"],
    ["UPDATE users SET name = 'Eve' WHERE id = 1"],
    ['value users/update/name eve Eve'],
  ],
  [
    'a column that only legacy sets',
    ["UPDATE users SET name = 'eve', price = 3 WHERE id = 1"],
    ["UPDATE users SET name = 'eve' WHERE id = 1"],
    ['missing users/update/price 3.0 1.5'],
  ],
  [
    'a row that only modern writes',
    [],
    ["INSERT INTO tags VALUES (2, 'y')"],
    ['extra tags/insert null insert'],
  ],
  [
    'a row that only legacy writes',
    ["INSERT INTO tags VALUES (2, 'y')"],
    [],
    ['missing tags/insert insert null'],
  ],
  [
    'a row that only legacy deletes',
    ['DELETE FROM users WHERE id = 2'],
    [],
    ['missing users/delete delete null'],
  ],
  [
    'numbers given out in another order',
    [
      "INSERT INTO users (name) VALUES ('x'), ('y')",
      "INSERT INTO tags SELECT id, 't' FROM users WHERE name = 'x'",
    ],
    [
      "INSERT INTO users (name) VALUES ('y'), ('x')",
      "INSERT INTO tags SELECT id, 't' FROM users WHERE name = 'x'",
    ],
    [],
  ],
  [
    'times near each other',
    ["UPDATE users SET at = '2026-02-02 03:04:05' WHERE id = 1"],
    ["UPDATE users SET at = '2026-02-02 03:04:25' WHERE id = 1"],
    [],
  ],
  [
    'times in another form',
    ["UPDATE users SET at = '2026-02-02 03:04:05' WHERE id = 1"],
    ["UPDATE users SET at = '2026-02-02T03:04:05.000Z' WHERE id = 1"],
    ['value users/update/at 2026-02-02 03:04:05 2026-02-02T03:04:05.000Z'],
  ],
  [
    'bytes',
    ["UPDATE users SET face = x'00fe' WHERE id = 1"],
    ["UPDATE users SET face = x'00fd' WHERE id = 1"],
    ['value users/update/face x00FE x00FD'],
  ],
  [
    'text behind a NUL',
    ["UPDATE users SET name = 'a' || char(0) || 'b' WHERE id = 1"],
    ["UPDATE users SET name = 'a' || char(0) || 'c' WHERE id = 1"],
    ['value users/update/name x610062 x610063'],
  ],
  [
    'the last digit of a number',
    ['UPDATE users SET price = 0.1 WHERE id = 1'],
    ['UPDATE users SET price = 0.1001 WHERE id = 1'],
    ['value users/update/price 0.1 0.1001'],
  ],
  [
    'NULL',
    ["UPDATE users SET name = '' WHERE id = 1"],
    ['UPDATE users SET name = NULL WHERE id = 1'],
    ['value users/update/name  null'],
  ],
  [
    'a line in a table without a key',
    ["INSERT INTO log VALUES ('a')"],
    ["INSERT INTO log VALUES ('b')"],
    ['extra log/insert null insert', 'missing log/insert insert null'],
  ],
  [
    'odd names',
    [`UPDATE "odd ""name"" / *" SET "c'd" = 2`],
    [`UPDATE "odd ""name"" / *" SET "c'd" = 3`],
    [`value odd "name" / */update/c'd 2 3`],
  ],
  ['the schema', [], ['CREATE TABLE more (a)'], ['extra sqlite_schema/insert null insert']],
]

describe('two ends of one SQLite file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-ends-'))
  after(() => rmSync(dir, { recursive: true, force: true }))
  const files = { before: 'before', modern: 'modern', legacy: 'legacy' }
  const at = (name: string): string => join(dir, `${name}.db`)

  const perform = (file: string, statements: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const { Database } = createSqliteModule({ busyTimeoutMs: 1_000 })
      const database = new Database(file, 6, () => {})
      for (const sql of ['PRAGMA journal_mode = DELETE', ...statements])
        database.run(sql, [], (error) => (error === null ? undefined : reject(error)))
      database.close(() => resolve())
    })
  const compared = async (legacy: readonly string[], modern: readonly string[]) => {
    for (const name of Object.keys(files)) rmSync(at(name), { force: true })
    await perform(at('before'), schema)
    for (const name of ['modern', 'legacy']) copyFileSync(at('before'), at(name))
    await perform(at('legacy'), legacy)
    await perform(at('modern'), modern)
    return compareSqlite({ before: at('before'), modern: at('modern'), legacy: at('legacy') })
  }

  for (const [what, legacy, modern, expected] of cases)
    it(`differ by ${expected.length === 0 ? 'nothing' : expected.join(', ')} for ${what}`, async () => {
      const found = await compared(legacy, modern)
      const shown =
        typeof found === 'string'
          ? found
          : found.differences.map(
              (each) => `${each.kind} ${each.place} ${each.legacy} ${each.modern}`,
            )
      deepEqual(typeof shown === 'string' ? shown : shown.toSorted(), expected)
    })

  it('are not told where more has changed than one request does', async () => {
    const many =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001) INSERT INTO log SELECT 'l' || i FROM n"
    equal(await compared([many], []), 'too_large')
  })

  it('are not told where one of them cannot be read', async () => {
    await compared([], [])
    writeFileSync(at('modern'), 'this is no database at all, and long enough to be one of them')
    equal(
      compareSqlite({ before: at('before'), modern: at('modern'), legacy: at('legacy') }),
      'unreadable',
    )
  })
})

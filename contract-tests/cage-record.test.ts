/** What a handler writes in a cage, seen before it is rolled back: on MariaDB, statement by statement. */
import { deepEqual, equal } from 'node:assert/strict'
import { linesOf, useCagedStatements } from './caged-statements.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'

const tables = [
  'CREATE TABLE things (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) UNIQUE, n INT NOT NULL DEFAULT 0, twice INT AS (n * 2) STORED, raw VARBINARY(8))',
  'CREATE TABLE pairs (a INT, b VARCHAR(10), v INT, PRIMARY KEY (a, b))',
  'CREATE TABLE loose (v INT)',
  'CREATE TABLE watched (id INT PRIMARY KEY, v INT)',
  'CREATE TRIGGER watching AFTER INSERT ON watched FOR EACH ROW INSERT INTO loose VALUES (NEW.v)',
  'CREATE TABLE parents (id INT PRIMARY KEY)',
  'CREATE TABLE children (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE)',
  "INSERT INTO things (id, name, n, raw) VALUES (1, 'one', 1, X'FF'), (2, 'two', 2, X'FE'), (3, 'three', 3, NULL)",
  "INSERT INTO pairs VALUES (1, 'a', 1), (1, 'b', 2)",
  'CREATE TABLE days (at DATETIME, on_day DATE, v INT, PRIMARY KEY (at, on_day))',
  "INSERT INTO days VALUES ('2026-01-02 03:00:00', '2026-01-02', 1)",
  'INSERT INTO parents VALUES (1)',
  'CREATE TABLE kept (id INT PRIMARY KEY, v INT UNIQUE)',
  'CREATE TABLE keepers (id INT PRIMARY KEY, kept INT, FOREIGN KEY (kept) REFERENCES kept (id))',
  'INSERT INTO kept VALUES (1, 1), (2, 2)',
  'INSERT INTO keepers VALUES (1, 1)',
  'CREATE TABLE members (id INT AUTO_INCREMENT PRIMARY KEY, mail VARCHAR(20), low VARCHAR(20) AS (LOWER(mail)) STORED UNIQUE)',
  "INSERT INTO members (mail) VALUES ('ann')",
  'CREATE TABLE tokens (id INT PRIMARY KEY, raw BINARY(2) UNIQUE, v INT)',
  "INSERT INTO tokens VALUES (1, X'FFFE', 0)",
]

type Case = readonly [string, readonly string[], readonly string[] | null]

/** Null: not all of it is seen. */
const cases: readonly Case[] = [
  ['a row that is given a number', ["INSERT INTO things (name) VALUES ('x')"], ['+ things #,x,0']],
  [
    'several of them, one with a number of its own',
    ["INSERT INTO things (id, name) VALUES (50, 'x'), (NULL, 'y')"],
    ['+ things 50,x,0', '+ things #,y,0'],
  ],
  [
    'rows that are left out where they are there',
    ["INSERT IGNORE INTO pairs VALUES (1, 'a', 9), (2, 'a', 9)"],
    ['+ pairs 2,a,9'],
  ],
  [
    'a row that is changed where it is there',
    ["INSERT INTO things (name, n) VALUES ('two', 1) ON DUPLICATE KEY UPDATE n = n + 40"],
    ['* things 2,two,42'],
  ],
  [
    'rows of which one is there',
    ["INSERT INTO things (name, n) VALUES ('two', 1), ('x', 1) ON DUPLICATE KEY UPDATE n = n + 40"],
    ['* things 2,two,42', '+ things #,x,1'],
  ],
  [
    'a row that is named by a time more precise than is kept',
    [
      "INSERT INTO days VALUES ('2026-01-03', '2026-01-03', 1), ('2026-01-02 03:00:00.4', '2026-01-02 04:00:00', 1) ON DUPLICATE KEY UPDATE v = 7",
    ],
    ['* days 2026-01-02 03:00:00,2026-01-02,7', '+ days 2026-01-03 00:00:00,2026-01-03,1'],
  ],
  [
    'a row that takes the place of another',
    ["REPLACE INTO things (name, n) VALUES ('two', 9)"],
    ['- things 2,two,2', '+ things #,two,9'],
  ],
  ['a row in its own place', ["REPLACE INTO pairs VALUES (1, 'a', 9)"], ['* pairs 1,a,9']],
  [
    'the first rows of an order',
    ['UPDATE things SET n = n + 1 WHERE n > 0 ORDER BY n DESC LIMIT 1'],
    ['* things 3,three,4'],
  ],
  [
    'what a value depends on that was set before it',
    ['UPDATE things SET n = 7, name = n WHERE id = 1'],
    ['* things 1,7,7'],
  ],
  ['what is set to what it is', ['UPDATE things SET n = n'], []],
  [
    'bytes that no text tells apart',
    ["UPDATE things SET raw = X'FD' WHERE id = 1"],
    ['* things 1,one,1'],
  ],
  ['a row that goes', ["DELETE FROM pairs WHERE b = 'a'"], ['- pairs 1,a,1']],
  [
    'what is taken back with its transaction',
    [
      "DELETE FROM pairs WHERE b = 'b'",
      'START TRANSACTION',
      "INSERT INTO things (name) VALUES ('x')",
      'ROLLBACK',
    ],
    ['- pairs 1,b,2'],
  ],
  [
    'a row that comes back',
    [
      "INSERT INTO pairs VALUES (7, 'x', 1)",
      'SAVEPOINT s',
      'DELETE FROM pairs WHERE a = 7',
      'ROLLBACK TO SAVEPOINT s',
    ],
    ['+ pairs 7,x,1'],
  ],
  [
    'a row that came and went',
    ["INSERT INTO pairs VALUES (7, 'x', 1)", 'DELETE FROM pairs WHERE a = 7'],
    [],
  ],
  [
    'nothing of what failed',
    ["INSERT INTO pairs VALUES (1, 'a', 1)", "INSERT INTO pairs VALUES (8, 'a', 1)"],
    ['+ pairs 8,a,1'],
  ],
  [
    'a row that goes where others stay',
    ['DELETE FROM kept WHERE id = 1', 'DELETE FROM kept WHERE id = 2'],
    ['- kept 2,2'],
  ],
  ['not keys that others may refer to', ['UPDATE kept SET v = 9 WHERE id = 2'], null],
  ['not what triggers do', ['INSERT INTO watched VALUES (1, 1)'], null],
  [
    'not rows that a computed key keeps out',
    ["INSERT IGNORE INTO members (mail) VALUES ('ANN')"],
    null,
  ],
  [
    'not rows that a key of bytes keeps out',
    ["INSERT IGNORE INTO tokens VALUES (2, X'FFFE', 0)"],
    null,
  ],
  ['a row beside such a key', ['UPDATE tokens SET v = 1'], ['* tokens 1,FFFE,1']],
  ['not rows without a key', ['INSERT INTO loose VALUES (1)'], null],
  ['not rows whose key changes', ['UPDATE pairs SET a = 2'], null],
  ['not rows that take others with them', ['DELETE FROM parents'], null],
  [
    'not rows that are drawn',
    // Now and then those that are found are those that are changed.
    Array.from({ length: 30 }, () => 'UPDATE things SET n = n + 10 WHERE RAND() < 0.5'),
    null,
  ],
  ['not what a change reads', ['UPDATE things SET n = (SELECT COUNT(*) FROM pairs)'], null],
]

describeWith({ mariadb: await probeMariadb() }, 'what is done in a cage', () => {
  const caged = useCagedStatements(tables)

  for (const [what, statements, expected] of cases)
    it(`tells ${what}`, async () => {
      const { intended } = await caged().run(statements)
      const lines =
        intended &&
        linesOf(intended.overlay).map((line) =>
          line.replace(/(?<=^\+ things )\d+(?=,[xy]|,two,9)/, (n) => (n === '50' ? n : '#')),
        )
      deepEqual(lines, expected)
      equal(
        await caged()
          .direct.query('SELECT COUNT(*) AS n FROM things', { plain: true })
          .then((row) => Number(row?.n)),
        3,
      )
    })

  it('tells what was read, and what had been written by then', async () => {
    const { intended } = await caged().run([
      'SELECT 1',
      'SELECT v FROM pairs WHERE a = 1 FOR UPDATE',
      "INSERT INTO pairs VALUES (7, 'x', 1)",
      'SELECT SUM(v) FROM pairs',
    ])
    deepEqual(
      intended?.caged?.reads?.map(({ sql, overlay }) => [
        /^SELECT (?:v|SUM)/.test(sql),
        overlay.size,
      ]),
      [
        [true, 0],
        [false, 0],
        [true, 1],
      ],
    )
  })
})

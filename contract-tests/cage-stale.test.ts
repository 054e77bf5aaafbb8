/** Whether a twin may be what differs, told by two databases: on MariaDB. */
import { equal, match, ok } from 'node:assert/strict'
import { createWhyStale } from '../proxy/shadow/writes/binlog/why-stale.ts'
import { emptyOverlay } from '../proxy/shadow/writes/overlay.ts'
import { type CagedStatements, startCagedStatements } from './caged-statements.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'

const tables = [
  'CREATE TABLE files (id INT PRIMARY KEY, data LONGTEXT)',
  "INSERT INTO files WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 200) SELECT id, REPEAT('x', 100000) FROM n",
  'CREATE TABLE parents (id INT, part VARBINARY(4), v INT, PRIMARY KEY (id, part))',
  'CREATE TABLE children (id INT PRIMARY KEY, parent INT, part VARBINARY(4), v INT, FOREIGN KEY (parent, part) REFERENCES parents (id, part))',
  "INSERT INTO parents VALUES (1, X'FF', 0), (2, X'FF', 0), (3, X'FF', 0)",
  "INSERT INTO children VALUES (1, 1, X'FF', 0)",
  'CREATE TABLE kept (id INT PRIMARY KEY, v INT)',
  'CREATE TABLE keepers (id INT PRIMARY KEY, keeps INT, FOREIGN KEY (keeps) REFERENCES kept (id))',
  'INSERT INTO kept VALUES (1, 0), (2, 0)',
]

/** What legacy's database has come to since. */
const since = [
  'DELETE FROM parents WHERE id = 2',
  'UPDATE parents SET v = 9',
  'INSERT INTO keepers VALUES (1, 2)',
]

const child = (id: number, parent: number): string =>
  `INSERT INTO children VALUES (${id}, ${parent}, X'FF', 0)`

describeWith({ mariadb: await probeMariadb() }, 'a twin beside what has become of legacy', () => {
  let caged: CagedStatements

  before(async function () {
    this.timeout(60_000)
    caged = await startCagedStatements(tables)
    const { direct } = caged
    // The account may use no other one; that each is the other's twin is all that counts.
    await direct.query('CREATE DATABASE twin')
    await direct.transaction(async (transaction) => {
      await direct.query('USE twin', { transaction })
      for (const sql of [...tables, ...since]) await direct.query(sql, { transaction })
      await direct.query('USE conduit', { transaction })
    })
  })
  after(async function () {
    this.timeout(60_000)
    await caged?.close()
  })

  const why = async (...questions: readonly (readonly string[])[]): Promise<string> => {
    const own = { ...caged.address, database: 'twin' }
    const stale = createWhyStale({ address: own, twin: caged.address })
    const told: (string | null)[] = []
    for (const statements of questions) {
      const { intended, errors } = await caged.run(statements)
      equal(errors.find((error) => error !== null) ?? null, null)
      ok(intended)
      told.push(await stale.why(intended, emptyOverlay))
    }
    stale.close()
    return told.join()
  }

  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['is alike where a parent is there', [child(5, 1)], /^$/],
    ['is older where a parent has gone', [child(5, 2)], /older/],
    ['is older where one of several has gone', [`${child(5, 1)}, (6, 2, X'FF', 0)`], /older/],
    [
      'is older where a row is given such a parent',
      ['UPDATE children SET parent = 2 WHERE id = 1'],
      /older/,
    ],
    ['is alike where a row keeps its parent', ['UPDATE children SET v = 1 WHERE id = 1'], /^$/],
    ['is alike where no parent is named', ['INSERT INTO children VALUES (5, NULL, NULL, 0)'], /^$/],
    ['is alike where nothing keeps a row', ['DELETE FROM kept WHERE id = 1'], /^$/],
    ['is older where a row is kept since', ['DELETE FROM kept WHERE id = 2'], /older/],
    ['is older where it should stay, too', ['REPLACE INTO kept VALUES (2, 7)'], /older/],
    [
      'is alike where it has made the parent itself',
      ['INSERT INTO kept VALUES (7, 0)', 'INSERT INTO keepers VALUES (7, 7)'],
      /^$/,
    ],
    [
      'cannot be told where a row is left out for its parent',
      [child(5, 4).replace('INTO', 'IGNORE INTO')],
      /not all/,
    ],
  ]
  for (const [what, statements, expected] of cases)
    it(what, async () => match(await why(statements), expected))

  it('cannot be told by more than there is room for, and can by the next question', async () => {
    const few = ['SELECT id FROM files']
    const rows = 'SELECT a.id FROM files a, files b, files c LIMIT 300000'
    for (const many of ['SELECT data FROM files', rows])
      match(await why([many], few), /more than 8388608 bytes or 200000 values,$/)
  }).timeout(30_000)
})

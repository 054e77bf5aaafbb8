/** What statements in a cage leave behind, and how one fares there after another: on MariaDB. */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { linesOf, useCagedStatements } from './caged-statements.ts'
import { describeWith } from './lab/left-out.ts'
import { isMysqlAsked, probeMariadb } from './lab/native.ts'

/** MySQL counts in integers only. */
const itOnMariadb = isMysqlAsked() ? it.skip : it

const tables = [
  'CREATE TABLE things (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) UNIQUE, n INT)',
  'CREATE TABLE checked (id INT AUTO_INCREMENT PRIMARY KEY, v INT NOT NULL)',
  ...(isMysqlAsked() ? [] : ['CREATE TABLE odd (id FLOAT AUTO_INCREMENT PRIMARY KEY, v INT)']),
  'CREATE TABLE high (id INT AUTO_INCREMENT PRIMARY KEY, v INT)',
  'INSERT INTO high VALUES (2100000000, 1)',
  'CREATE TABLE big (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT)',
  'CREATE TABLE bigger (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT)',
  'INSERT INTO bigger VALUES (1200000000, 1)',
  'CREATE TABLE few (id TINYINT AUTO_INCREMENT PRIMARY KEY, v INT)',
  'CREATE TABLE files (id INT PRIMARY KEY, seen INT, data LONGTEXT)',
  "INSERT INTO files VALUES (1, 0, REPEAT('x', 3000000)), (2, 0, REPEAT('x', 3000000))",
  'CREATE TABLE parents (id INT PRIMARY KEY)',
  'CREATE TABLE children (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parents (id))',
  "INSERT INTO things VALUES (1, 'one', 1), (2, 'two', 2)",
  'INSERT INTO few VALUES (120, 1)',
]

const begin = 'START TRANSACTION'
const insert = (name: string): string => `INSERT INTO things (name) VALUES ('${name}')`

describeWith({ mariadb: await probeMariadb() }, 'statements in a cage', () => {
  const caged = useCagedStatements(tables)

  const named = async (statements: readonly string[]) => {
    const { intended, problem, errors } = await caged().run(statements)
    deepEqual(
      errors.filter((error) => error !== null),
      [],
    )
    equal(problem, null)
    return intended && linesOf(intended.overlay).map((line) => line.replace(/\d+(?=,)/, '#'))
  }

  it('uses nothing that may keep what a rollback does not take back, not even to look', async () => {
    const { direct } = caged()
    await direct.query('CREATE TABLE lasting (v INT) ENGINE = MyISAM')
    await direct.query(
      'CREATE FUNCTION leak(v INT) RETURNS INT BEGIN INSERT INTO lasting VALUES (v); RETURN v; END',
    )
    try {
      for (const sql of [
        'UPDATE things SET n = 9 WHERE leak(id) = 1',
        'DELETE FROM things WHERE leak(id) = 1',
        insert('x').replace("'x'", 'leak(7)'),
        'SELECT leak(id) FROM things',
      ]) {
        const { problem } = await caged().run([sql])
        equal(problem?.reason, 'statement', sql)
        deepEqual((await direct.query('SELECT v FROM lasting'))[0], [], sql)
      }
    } finally {
      await direct.query('DROP FUNCTION leak')
      await direct.query('DROP TABLE lasting')
    }
  })

  it('keeps transactions of two connections apart, whichever ends first', async () => {
    const both = ['@1 START TRANSACTION', '@2 START TRANSACTION', `@1 ${insert('a')}`]
    deepEqual(await named([...both, `@2 ${insert('b')}`, '@1 COMMIT', '@2 COMMIT']), [
      '+ things #,a,',
      '+ things #,b,',
    ])
    const points = ['@1 SAVEPOINT s', '@2 SAVEPOINT s', '@1 RELEASE SAVEPOINT s']
    deepEqual(await named([...both, ...points, '@2 RELEASE SAVEPOINT s', '@2 COMMIT']), [
      '+ things #,a,',
    ])
    deepEqual(await named([`@2 ${insert('b')}`, begin, insert('a'), 'ROLLBACK']), ['+ things #,b,'])
  })

  it('tells nothing where one is taken back beside which another connection has written', async () => {
    for (const last of ['ROLLBACK', 'ROLLBACK TO SAVEPOINT s']) {
      const statements = [begin, 'SAVEPOINT s', insert('a'), `@2 ${insert('b')}`, last]
      const { problem } = await caged().run(statements)
      match(String(problem?.detail), /another connection/, last)
    }
  })

  it('leaves the number of a row that failed to no table that counts for itself', async () => {
    const failing = 'INSERT INTO checked (v) VALUES (NULL)'
    const counting = 'INSERT INTO high (v) VALUES (1)'
    const { intended, errors } = await caged().run([failing, counting, failing, counting])
    ok(errors[0])
    const rows = [...(intended?.overlay.get('high')?.rows.values() ?? [])]
    deepEqual(
      rows.map(({ after }) => Number(after?.[0]) - 2_100_000_000),
      [1, 2],
    )
  })

  itOnMariadb(
    'leaves the number of a row that failed to no column that counts otherwise',
    async () => {
      const { errors } = await caged().run([
        'INSERT INTO checked (v) VALUES (NULL)',
        'INSERT INTO odd (v) VALUES (1)',
      ])
      ok(errors[0])
      equal(errors[1], null)
      const { intended } = await caged().run(['INSERT INTO odd (v) VALUES (1)'])
      ok(Number([...(intended?.overlay.get('odd')?.rows.keys() ?? [])][0]?.match(/\d+/)?.[0]) < 100)
    },
  )

  it('uses up no numbers of a table that has few', async () => {
    for (let n = 0; n < 12; n += 1)
      deepEqual(await named(['INSERT INTO few (v) VALUES (1)', 'INSERT INTO few (v) VALUES (2)']), [
        '+ few #,1',
        '+ few #,2',
      ])
  })

  it('gives numbers that an INT can keep, too, as long as the table has come to none of them', async () => {
    for (const [table, from, to] of [
      ['big', 1.5e9, 2 ** 31],
      ['bigger', 2 ** 50, 2 ** 51],
    ] as const) {
      const sql = `INSERT INTO ${table} (v) VALUES (1)`
      const failing = `INSERT INTO ${table} VALUES (1200000000, 1), (1200000000, 1)`
      const { intended } = await caged().run([sql, sql, begin, sql, 'ROLLBACK', failing, sql])
      const ids = [...(intended?.overlay.get(table)?.rows.values() ?? [])].map(({ after }) =>
        Number(after?.[0]),
      )
      equal(ids.length, 3)
      ok(
        ids.every((id, n) => id >= from && id < to && id > (ids[n - 1] ?? 0)),
        String(ids),
      )
    }
  })

  it('gives up on more rows than it keeps, and has them made all the same', async () => {
    const rows = (from: number): string =>
      Array.from({ length: 900 }, (_, n) => `('${from + n}')`).join(', ')
    const statements = [0, 1_000, 2_000].map(
      (from) => `INSERT INTO things (name) VALUES ${rows(from)}`,
    )
    const { intended, errors } = await caged().run(statements)
    deepEqual([intended, errors], [null, [null, null, null]])
  })

  it('reads no rows that are too long to be compared, not even where none is changed', async () => {
    const more = 'INSERT INTO files (id) VALUES (1), (2) ON DUPLICATE KEY UPDATE seen = 0'
    for (const sql of ['UPDATE files SET seen = 0', more]) {
      const { intended, errors } = await caged().run([sql])
      deepEqual([intended, errors], [null, [null]])
    }
    deepEqual(await named(["INSERT INTO files VALUES (3, 0, 'short')"]), ['+ files #,0,short'])
  })

  const reads = async (...statements: readonly string[]) =>
    (await caged().run(statements)).intended?.caged?.reads?.map(({ sql }) => sql) ?? null

  it('tells what failed statements have read', async () => {
    match(String(await reads(insert('two'))), /WHERE \(`name` = /)
    equal(await reads("UPDATE things SET name = 'two' WHERE id = 1"), null)
    equal(await reads('INSERT INTO children VALUES (1, 1)'), null)
  })

  it('tells which rows would have kept it from changing a key', async () => {
    const [found, same, ...more] =
      (await reads("UPDATE things SET name = 'new' WHERE id = 1")) ?? []
    match(String(found), /WHERE id = 1/)
    match(String(same), /WHERE \(`name` = /)
    deepEqual(more, [])
  })
})

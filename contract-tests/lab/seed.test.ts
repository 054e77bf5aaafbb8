import assert from 'node:assert/strict'
import { compare } from 'bcryptjs'
import { QueryTypes, type Sequelize } from 'sequelize'
import { createMigrator } from '../../migrations/migrator.ts'
import { openDatabase } from '../../migrations/open-database.ts'
import { checksum } from './checksum.ts'
import { describeEachDatabase } from './each-database.ts'
import { probeMariadb } from './native.ts'
import { prepareDatabase, seed } from './seed.ts'
import { makeSeedTables } from './seed-data.ts'

const mariadb = await probeMariadb()
const size = { users: 40, articles: 150 }

/** What `size` gives on every database and machine; a change of the generator changes it. */
const expected = '5570064ffe4f29fb13f090c6cc7eeccd8595443cc5f3176697b27c06b8535e41'

describe('makeSeedTables', () => {
  const tables = makeSeedTables({ users: 300, articles: 2500 })
  const texts = (table: string, column: string): string =>
    (tables[table] ?? []).map((row) => row[column]).join('\n')

  it('makes the same rows each time', () => {
    assert.deepEqual(makeSeedTables(size), makeSeedTables(size))
  })

  for (const script of ['Latin', 'Cyrillic', 'Han', 'Hangul', 'Arabic', 'Hebrew', 'Hiragana']) {
    it(`writes ${script}`, () => {
      assert.match(texts('articles', 'title'), new RegExp(`\\p{Script=${script}}`, 'u'))
    })
  }

  it('holds what pages and comparers trip over', () => {
    const titles = texts('articles', 'title')
    for (const trap of ['<b>', '& ', '"', '\\', '🚀', '𠮷', '👩‍👩‍👧'])
      assert.ok(titles.includes(trap), trap)
    const bios = new Set(tables.users?.map(({ bio }) => bio))
    assert.ok(bios.has(null) && bios.has(''))
    const times = tables.articles?.map((row) => row.created_at) ?? []
    assert.ok(new Set(times).size < times.length, 'some articles share a second')
  })

  it('counts views past 2^53, and all of them together within 64 bits', () => {
    const views = (tables.articles ?? []).map((row) => BigInt(row.view_count ?? 0))
    assert.ok(views.includes(9007199254740993n))
    assert.ok(views.reduce((sum, each) => sum + each, 0n) < 2n ** 63n)
  })
})

describeEachDatabase('seed', mariadb, (lab) => {
  let database: Sequelize
  before(async () => {
    database = openDatabase(lab().url, { create: true })
    await createMigrator(database).up()
    await seed(database, size)
  })
  after(() => database.close())

  it('stores the same data as on every other database', async () => {
    assert.equal(await checksum(database), expected)
  })

  it('leaves a database alone that has users already', async () => {
    await prepareDatabase(lab().url, { users: 2, articles: 2 })
    assert.equal(await checksum(database), expected)
  })

  it('lets the demo user sign in', async () => {
    const rows = await database.query<{ username: string; password: string }>(
      "SELECT username, password FROM users WHERE email = 'jake@example.com'",
      { type: QueryTypes.SELECT },
    )
    assert.equal(rows[0]?.username, 'jake')
    assert.ok(await compare('jakejake', rows[0]?.password ?? ''))
  })

  it('goes on numbering after its own ids', async () => {
    await database.query("INSERT INTO tags (name) VALUES ('later')")
    const rows = await database.query<{ last: number }>('SELECT MAX(id) AS last FROM tags', {
      type: QueryTypes.SELECT,
    })
    assert.equal(Number(rows[0]?.last), (makeSeedTables(size).tags?.length ?? 0) + 1)
  })
})

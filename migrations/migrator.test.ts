import assert from 'node:assert/strict'
import type { Sequelize } from 'sequelize'
import { checksum } from '../contract-tests/lab/checksum.ts'
import { describeEachDatabase } from '../contract-tests/lab/each-database.ts'
import { probeMariadb } from '../contract-tests/lab/native.ts'
import { seed } from '../contract-tests/lab/seed.ts'
import { legacySchema } from './20260101t0000-legacy-schema.ts'
import type { Migration } from './migration.ts'
import { createMigrator } from './migrator.ts'
import { openDatabase } from './open-database.ts'

const name = legacySchema.name
/** The first of them alone: what the migrator does, whatever comes to stand after it. */
const migrations = [legacySchema]

const addSubtitle: Migration = {
  name: '20260201t0000-add-subtitle',
  up: async ({ database }) => {
    await database.query('ALTER TABLE articles ADD COLUMN subtitle VARCHAR(255) NULL')
  },
  down: async ({ database }) => {
    await database.query('ALTER TABLE articles DROP COLUMN subtitle')
  },
}

const breakHalfway: Migration = {
  name: '20260301t0000-break-halfway',
  up: async ({ database }) => {
    await database.query('CREATE TABLE halfway (x INT)')
    throw new Error('on purpose')
  },
  down: async () => {},
}

describeEachDatabase('createMigrator', await probeMariadb(), (lab) => {
  let database: Sequelize

  const tables = (): Promise<string[]> => database.getQueryInterface().showAllTables()

  beforeEach(() => {
    database = openDatabase(lab().url, { create: true })
  })
  afterEach(async () => {
    for (const table of await tables()) await database.query(`DROP TABLE ${table}`)
    await database.close()
  })

  it('goes up, says so, and goes down again', async () => {
    const migrator = createMigrator(database, { migrations })
    assert.deepEqual(await migrator.status(), { executed: [], pending: [name], held: [] })
    assert.deepEqual(await tables(), [])
    assert.deepEqual(await migrator.up(), [name])
    assert.deepEqual(await migrator.up(), [])
    assert.deepEqual(await migrator.status(), { executed: [name], pending: [], held: [] })
    assert.equal((await tables()).length, 8)
    assert.deepEqual(await migrator.down(), [name])
    assert.deepEqual(await tables(), ['schema_migrations'])
  })

  it('keeps every row on the way up and back', async () => {
    await createMigrator(database, { migrations }).up()
    await seed(database, { users: 10, articles: 30 })
    const before = await checksum(database)
    const migrator = createMigrator(database, { migrations: [legacySchema, addSubtitle] })
    assert.deepEqual(await migrator.up(), [addSubtitle.name])
    assert.ok('subtitle' in (await database.getQueryInterface().describeTable('articles')))
    assert.deepEqual(await migrator.down(), [addSubtitle.name])
    assert.equal(await checksum(database), before)
  })

  it('drops tables that hold rows only when told to', async () => {
    await createMigrator(database, { migrations }).up()
    await seed(database, { users: 3, articles: 3 })
    const before = await checksum(database)
    await assert.rejects(
      createMigrator(database, { migrations }).down(),
      /would drop the table .* --drop-data/,
    )
    assert.equal(await checksum(database), before)
    assert.deepEqual(await createMigrator(database, { migrations, dropData: true }).down(), [name])
  })

  it('adopts the schema that is there, its rows untouched', async () => {
    await createMigrator(database, { migrations }).up()
    await seed(database, { users: 5, articles: 5 })
    await database.query('DROP TABLE schema_migrations')
    const before = await checksum(database)
    assert.deepEqual(await createMigrator(database, { migrations }).up(), [name])
    assert.equal(await checksum(database), before)
  })

  it('refuses half a schema, naming what is missing', async () => {
    await createMigrator(database, { migrations }).up()
    await database.query('DROP TABLE schema_migrations')
    await database.query('DROP TABLE tags')
    await database.query('ALTER TABLE users DROP COLUMN bio')
    await assert.rejects(createMigrator(database, { migrations }).up(), /but not users\.bio, tags/)
  })

  it('goes up to and down to a named migration', async () => {
    const migrator = createMigrator(database, { migrations: [legacySchema, addSubtitle] })
    assert.deepEqual(await migrator.up(name), [name])
    assert.deepEqual(await migrator.up(), [addSubtitle.name])
    assert.deepEqual(await migrator.down(name), [addSubtitle.name, name])
    await assert.rejects(migrator.up('nope'), /there is no migration "nope"; there are/)
  })

  it('holds a contract and what comes after it, unless it is named', async () => {
    const contract = { ...addSubtitle, name: '20260101t0100-contract', contract: 'nobody asks' }
    const migrator = createMigrator(database, { migrations: [legacySchema, contract, addSubtitle] })
    const held = [contract, addSubtitle].map((each) => ({ name: each.name, until: 'nobody asks' }))
    assert.deepEqual(await migrator.status(), { executed: [], pending: [name], held })
    assert.deepEqual(await migrator.up(), [name])
    assert.deepEqual(await migrator.up(), [])
    assert.deepEqual(await migrator.up(name), [])
    assert.deepEqual(await migrator.up(contract.name), [contract.name])
    assert.deepEqual((await migrator.status()).pending, [addSubtitle.name])
  })

  it('counts a failed migration as not run', async () => {
    const migrator = createMigrator(database, { migrations: [legacySchema, breakHalfway] })
    await assert.rejects(migrator.up(), /on purpose/)
    const { pending } = await migrator.status()
    assert.ok(pending.includes(breakHalfway.name))
    // SQLite takes back the half that was done; MySQL cannot.
    assert.equal((await tables()).includes('halfway'), lab().form === 'mariadb')
  })

  it('lets one process migrate at a time', async () => {
    const other = openDatabase(lab().url, { create: true })
    const ran = await Promise.all([
      createMigrator(database, { migrations }).up(),
      createMigrator(other, { migrations }).up(),
    ])
    await other.close()
    assert.deepEqual(ran.flat(), [name])
  })
})

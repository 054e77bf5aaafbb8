import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sequelize as Database, QueryTypes, Sequelize, Transaction } from 'sequelize'
import { createSqliteDialect } from './sqlite-dialect.ts'

describe('two connections to one SQLite file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-locking-'))
  const opened: Database[] = []

  const open = (busyTimeoutMs: number): Database => {
    const database = new Sequelize({
      dialect: 'sqlite',
      storage: join(dir, 'shared.db'),
      dialectModule: createSqliteDialect({ busyTimeoutMs }),
      transactionType: Transaction.TYPES.IMMEDIATE,
      logging: false,
    })
    opened.push(database)
    return database
  }
  const total = async (database: Database): Promise<unknown> => {
    const [row] = await database.query<{ n: number }>('SELECT n FROM counter', {
      type: QueryTypes.SELECT,
    })
    return row?.n
  }

  before(async () => {
    const database = open(3000)
    await database.query('CREATE TABLE counter (n INTEGER)')
    await database.query('INSERT INTO counter VALUES (0)')
  })
  after(async () => {
    await Promise.all(opened.map((database) => database.close()))
    rmSync(dir, { recursive: true, force: true })
  })

  it('waits for a lock without stopping the event loop', async () => {
    const [holder, waiter] = [open(3000), open(5000)]
    const lock = await holder.transaction()
    let turns = 0
    const count = setInterval(() => {
      turns += 1
      if (turns === 5) void lock.commit()
    }, 5)
    await waiter.query('UPDATE counter SET n = n + 1')
    clearInterval(count)
    assert.ok(turns >= 5)
    assert.equal(await total(waiter), 1)
  })

  it('gives up with a TimeoutError that says SQLITE_BUSY', async () => {
    const [holder, waiter] = [open(3000), open(20)]
    const lock = await holder.transaction()
    await assert.rejects(waiter.query('UPDATE counter SET n = 0'), (error: Error) => {
      assert.equal(error.name, 'SequelizeTimeoutError')
      assert.match(error.message, /^SQLITE_BUSY/)
      return true
    })
    await lock.rollback()
  })

  it('commits again on a connection that once gave up, whatever the statement was', async () => {
    const [holder, waiter] = [open(3000), open(10)]
    await waiter.query('SELECT n FROM counter')
    const lock = await holder.transaction()
    await assert.rejects(waiter.query('UPDATE counter SET n = $n', { bind: { n: 5 } }))
    await assert.rejects(waiter.query('INSERT INTO counter VALUES ($1) RETURNING n', { bind: [5] }))
    await assert.rejects(waiter.transaction())
    await lock.commit()
    const before = Number(await total(waiter))
    await waiter.transaction((transaction) =>
      waiter.query('UPDATE counter SET n = n + 1', { transaction }),
    )
    await waiter.query('UPDATE counter SET n = n + 1')
    assert.equal(await total(holder), before + 2)
  })

  for (const sql of ['PRAGMA table_info(`counter`)', 'PRAGMA index_list(`counter`)']) {
    it(`holds up nobody after ${sql} had to wait`, async () => {
      const [holder, waiter, writer] = [open(3000), open(3000), open(100)]
      await waiter.query('SELECT n FROM counter')
      await holder.query('BEGIN EXCLUSIVE')
      const asked = waiter.query(sql)
      await holder.query('COMMIT')
      await asked
      await writer.query('UPDATE counter SET n = n + 1')
    })
  }

  it('loses no update of many single statements, and never reads a half', async () => {
    const databases = [open(20_000), open(20_000), open(20_000)]
    const before = Number(await total(databases[0]!))
    await Promise.all(
      Array.from({ length: 60 }, async (_, turn) => {
        const database = databases[turn % 3]!
        await database.query('UPDATE counter SET n = n + 1')
        assert.ok(Number(await total(database)) > before)
      }),
    )
    assert.equal(await total(databases[0]!), before + 60)
  })

  it('loses no update of many transactions that read and then write', async () => {
    const databases = [open(20_000), open(20_000)]
    const before = Number(await total(databases[0]!))
    const add = (database: Database): Promise<unknown> =>
      database.transaction(async (transaction) => {
        const [row] = await database.query<{ n: number }>('SELECT n FROM counter', {
          transaction,
          type: QueryTypes.SELECT,
        })
        await database.query(`UPDATE counter SET n = ${Number(row?.n) + 1}`, { transaction })
      })
    await Promise.all(Array.from({ length: 20 }, (_, turn) => add(databases[turn % 2]!)))
    assert.equal(await total(databases[0]!), before + 20)
  })

  it('takes back what a failed transaction did', async () => {
    const database = open(3000)
    const before = await total(database)
    const failing = database.transaction(async (transaction) => {
      await database.query('UPDATE counter SET n = 999', { transaction })
      throw new Error('on purpose')
    })
    await assert.rejects(failing, /on purpose/)
    assert.equal(await total(database), before)
  })

  it('keeps a rollback journal, never a WAL', async () => {
    const [row] = await open(3000).query<{ journal_mode: string }>('PRAGMA journal_mode', {
      type: QueryTypes.SELECT,
    })
    assert.equal(row?.journal_mode, 'delete')
  })
})

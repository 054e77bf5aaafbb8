import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copySqliteFile, createSqliteModule } from '../../store/sqlite-module.ts'
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import type { Prepared, WritesReport } from './report.ts'
import { createSqliteDriver } from './sqlite-driver.ts'

const terms = { kind: 'capture' } as const

describe('the driver of a SQLite file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-copying-'))
  const file = join(dir, 'original.db')
  const make = (limitBytes: number, of = file): LaneDriver =>
    createSqliteDriver({ file: of, limitBytes })
  const copyOf = ({ database }: LaneDriver): string => (database.url ?? '').replace('sqlite:', '')

  before(() => {
    // An empty database, by which the copy can be told from no copy at all.
    writeFileSync(join(dir, 'empty.db'), '')
    copySqliteFile(join(dir, 'empty.db'), file)
  })
  after(() => rmSync(dir, { recursive: true, force: true }))

  it('gives each request a copy, which is gone after it', async () => {
    const driver = make(1_000_000)
    for (let round = 0; round < 2; round += 1) {
      const { problem, stoodAt } = (await driver.prepare(terms)) as Prepared
      equal(problem, null)
      ok(stoodAt > 0)
      ok(existsSync(copyOf(driver)))
      const { problem: after, differences } = (await driver.end()) as WritesReport
      deepEqual([after, differences], [null, []])
      equal(statSync(copyOf(driver)).size, 0)
    }
    ok(existsSync(file))
  })

  const open = (path: string): Promise<{ run(sql: string): Promise<void>; close(): void }> =>
    new Promise((resolve, reject) => {
      const { Database } = createSqliteModule({ busyTimeoutMs: 100 })
      const database = new Database(path, 6, (error) =>
        error === null ? resolve(link) : reject(error),
      )
      const link = {
        run: (sql: string): Promise<void> =>
          new Promise((done, fail) =>
            database.run(sql, [], (error) => (error === null ? done() : fail(error))),
          ),
        close: () => database.close(),
      }
    })

  it('shows each copy to a connection that is kept open, and what is written over it', async () => {
    const own = join(dir, 'kept.db')
    const legacy = await open(own)
    await legacy.run('CREATE TABLE a (id INTEGER PRIMARY KEY, b)')
    const driver = make(1_000_000, own)
    await driver.prepare(terms)
    const kept = await open(copyOf(driver))
    await kept.run('PRAGMA journal_mode = DELETE')
    for (const n of [1, 2, 3]) {
      if (n > 1) await driver.prepare(terms)
      await kept.run(`INSERT INTO a (b) VALUES ('same ${n}')`)
      await legacy.run(`INSERT INTO a (b) VALUES ('same ${n}')`)
      if (n === 3) await kept.run("UPDATE a SET b = 'else' WHERE id = 1")
      const { differences } = (await driver.end()) as WritesReport
      deepEqual(
        differences.map(({ place, legacy: was, modern }) => [place, was, modern]),
        n === 3 ? [['a/update', null, 'update']] : [],
      )
    }
    kept.close()
    legacy.close()
  })

  it('tells nothing of a transaction that is left open, and why nothing of the next one', async () => {
    const driver = make(1_000_000)
    await driver.prepare(terms)
    const kept = await open(copyOf(driver))
    await kept.run('PRAGMA journal_mode = DELETE')
    await kept.run('CREATE TABLE a (b)')
    await kept.run('BEGIN')
    await kept.run('INSERT INTO a VALUES (1)')
    equal(((await driver.end()) as WritesReport).leftOut, 'unreadable')
    const { problem } = (await driver.prepare(terms)) as Prepared
    equal(problem?.reason, 'snapshot_lost')
    match(problem?.detail ?? '', /locked/)
    await kept.run('ROLLBACK')
    equal(((await driver.prepare(terms)) as Prepared).problem, null)
    kept.close()
  })

  it('copies nothing beyond its limit, and says so', async () => {
    const driver = make(10)
    const { problem } = (await driver.prepare(terms)) as Prepared
    deepEqual(problem, {
      reason: 'snapshot_lost',
      detail: 'the file is larger than shadow.copyLimit',
    })
    ok(!existsSync(copyOf(driver)))
  })

  it('holds no cage, and copies nothing for one', async () => {
    const driver = make(1_000_000)
    const { problem } = (await driver.prepare({ kind: 'cage' })) as Prepared
    equal(problem?.reason, 'cage_unfit')
    ok(!existsSync(copyOf(driver)))
    equal(((await driver.end(false)) as WritesReport).problem?.reason, 'cage_unfit')
    equal(((await driver.prepare(terms)) as Prepared).problem, null)
  })

  it('says why a file cannot be copied', async () => {
    const { problem } = (await make(1_000_000, join(dir, 'absent.db')).prepare(terms)) as Prepared
    equal(problem?.reason, 'snapshot_lost')
  })
})

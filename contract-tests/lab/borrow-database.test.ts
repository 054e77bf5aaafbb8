import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../migrations/open-database.ts'
import { borrowDatabase } from './borrow-database.ts'
import type { LentDatabase } from './database.ts'
import { describeWith } from './left-out.ts'
import { probeMariadb } from './native.ts'

const query = async (url: string, sql: string): Promise<unknown> => {
  const database = openDatabase(url)
  try {
    return (await database.query(sql))[0]
  } finally {
    await database.close()
  }
}

describeWith({ mariadb: await probeMariadb() }, 'borrowDatabase', function (this: Mocha.Suite) {
  this.timeout(60_000)
  let dir = ''
  const lent: LentDatabase[] = []
  const borrow = async (): Promise<LentDatabase> => {
    const database = await borrowDatabase({ form: 'mariadb', dir })
    lent.push(database)
    return database
  }
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'banyan-borrow-'))
  })
  afterEach(async () => {
    for (const database of lent.splice(0)) await database.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('gives one server to one after the other, and each an empty database', async () => {
    const first = await borrow()
    await query(first.url, 'CREATE TABLE left_behind (x INT)')
    await first.close()
    const second = await borrow()
    assert.equal(second.url, first.url)
    assert.deepEqual(await query(second.url, 'SHOW TABLES'), [])
    const [{ charset }] = (await query(second.url, 'SELECT @@collation_database AS charset')) as [
      { charset: string },
    ]
    assert.equal(charset, 'utf8mb4_bin')
  })

  it('refuses whoever comes while another one has it', async () => {
    await borrow()
    await assert.rejects(borrow(), /another suite has the MariaDB of this run/)
  })
})

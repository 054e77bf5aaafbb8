import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../migrations/open-database.ts'
import { type LabDatabase, startDatabase } from './database.ts'
import { describeWith } from './left-out.ts'
import { probeMariadb } from './native.ts'

const mariadb = await probeMariadb()

const query = async (url: string, sql: string): Promise<unknown> => {
  const database = openDatabase(url)
  try {
    return (await database.query(sql))[0]
  } finally {
    await database.close()
  }
}

describeWith({ mariadb }, 'startDatabase, MariaDB', function (this: Mocha.Suite) {
  this.timeout(60_000)
  const started: LabDatabase[] = []
  let dir = ''
  const start = async (): Promise<LabDatabase> => {
    const database = await startDatabase({ form: 'mariadb', dir })
    started.push(database)
    return database
  }
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'banyan mariadb '))
  })
  afterEach(async () => {
    for (const database of started.splice(0)) await database.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('keeps its data and its address over a crash', async () => {
    const database = await start()
    await query(database.url, 'CREATE TABLE kept (x INT) ENGINE=InnoDB')
    await database.kill()
    await assert.rejects(query(database.url, 'SELECT 1'), { name: /^SequelizeConnection/ })
    await database.restart()
    assert.deepEqual(await query(database.url, 'SELECT * FROM kept'), [])
  })

  it('starts again where a killed run left off', async () => {
    const module = new URL('./database.js', import.meta.url)
    const script = `import(${JSON.stringify(module)})
      .then(({ startDatabase }) => startDatabase({ form: 'mariadb', dir: process.argv[1] }))
      .then(({ url }) => process.stdout.write(url))`
    const run = spawn(process.execPath, ['-e', script, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [url] = await once(run.stdout, 'data')
    await query(String(url), 'CREATE TABLE kept (x INT) ENGINE=InnoDB')
    run.kill('SIGKILL')
    await once(run, 'close')
    const next = await start()
    assert.deepEqual(await query(next.url, 'SELECT * FROM kept'), [])
  })

  it('lets nobody in without its password', async () => {
    const database = await start()
    for (const account of ['conduit', 'plain', 'root', 'mysql', 'nobody']) {
      const url = database.url.replace(/\/\/[^@]*@/, `//${account}:@`)
      await assert.rejects(query(url, 'SELECT 1'), {
        name: /^Sequelize(AccessDenied|Connection)Error$/,
      })
    }
  })
})

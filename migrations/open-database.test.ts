import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QueryTypes } from 'sequelize'
import { describeEachDatabase } from '../contract-tests/lab/each-database.ts'
import { probeMariadb } from '../contract-tests/lab/native.ts'
import { describeDatabaseFailure } from './database-failure.ts'
import { hidePassword, parseDatabaseUrl } from './database-url.ts'
import { openDatabase } from './open-database.ts'

const failureOf = async (url: string): Promise<string | null> => {
  const database = openDatabase(url)
  try {
    await database.authenticate()
    return null
  } catch (error) {
    return describeDatabaseFailure(error, url)
  } finally {
    await database.close()
  }
}

describe('parseDatabaseUrl', () => {
  const good = [
    ['sqlite:/var/x.db', { form: 'sqlite', file: '/var/x.db' }],
    ['sqlite:///var/a b.db', { form: 'sqlite', file: '/var/a b.db' }],
    ['sqlite::memory:', { form: 'sqlite', file: ':memory:' }],
    ['sqlite:./x.db', { form: 'sqlite', file: join(process.cwd(), 'x.db') }],
  ] as const
  for (const [url, address] of good) {
    it(`reads ${url}`, () => assert.deepEqual(parseDatabaseUrl(url), address))
  }
  it('reads mysql with what is escaped in it', () => {
    assert.deepEqual(parseDatabaseUrl('mysql://me:p%40ss@[::1]:3307/my%20db'), {
      form: 'mysql',
      host: '::1',
      port: 3307,
      user: 'me',
      password: 'p@ss',
      database: 'my db',
    })
  })
  const bad = [
    ['', /is not a URL/],
    ['sqlite:', /names no host|not known/],
    ['postgres://u:secret@h/d', /scheme postgres: is not known/],
    ['mysql://u:secret@h', /names no database/],
    ['mysql://u:secret@h/a/b', /names no database/],
    ['mysql:nonsense', /names no host|names no database/],
  ] as const
  for (const [url, why] of bad) {
    it(`refuses "${url}" and says what to write`, () => {
      assert.throws(
        () => parseDatabaseUrl(url),
        (error: Error) => {
          assert.match(error.message, why)
          assert.match(error.message, /Write sqlite:/)
          assert.doesNotMatch(error.message, /secret/)
          return true
        },
      )
    })
  }
  it('shows no password, however badly it is escaped', () => {
    assert.equal(hidePassword('mysql://u:p@s:s/w@h/d'), 'mysql://u:***@h/d')
  })
})

describe('openDatabase', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-open-'))
  after(() => rmSync(dir, { recursive: true, force: true }))

  it('says that a SQLite file is missing, and makes none', async () => {
    const file = join(dir, 'missing.db')
    assert.match((await failureOf(`sqlite:${file}`)) ?? '', /cannot be opened.*migrate up/)
    assert.equal(existsSync(file), false)
  })

  it('heals when the missing file appears', async () => {
    const url = `sqlite:${join(dir, 'late.db')}`
    const reader = openDatabase(url)
    await assert.rejects(reader.authenticate())
    const maker = openDatabase(url, { create: true })
    await maker.query('CREATE TABLE t (x)')
    await reader.authenticate()
    await Promise.all([maker.close(), reader.close()])
  })

  it('says that a file is no database', async () => {
    const file = join(dir, 'text.db')
    writeFileSync(file, 'this is a text, and a long one'.repeat(50))
    const database = openDatabase(`sqlite:${file}`)
    const query = database.query('SELECT * FROM sqlite_master')
    await assert.rejects(query, (error) => {
      assert.match(describeDatabaseFailure(error, file) ?? '', /not a SQLite database/)
      return true
    })
    await database.close()
  })

  it('says that nothing listens, without the password', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    await new Promise((resolve) => server.close(resolve))
    const failure = await failureOf(`mysql://me:secret@127.0.0.1:${port}/conduit`)
    assert.match(failure ?? '', /mysql:\/\/me:\*\*\*@.*nothing listens there/)
  })
})

describeEachDatabase('openDatabase', await probeMariadb(), (lab) => {
  it('reads big integers and times as the text they are', async () => {
    const { form, url } = lab()
    const database = openDatabase(url, { create: true })
    const time = form === 'sqlite' ? 'TEXT' : 'DATETIME'
    await database.query(`CREATE TABLE probe (big BIGINT, small INT, at ${time})`)
    await database.query("INSERT INTO probe VALUES (9007199254740993, 7, '2024-05-01 12:34:56')")
    const rows = await database.query('SELECT * FROM probe', { type: QueryTypes.SELECT })
    await database.close()
    assert.deepEqual(
      { ...rows[0] },
      { big: '9007199254740993', small: 7, at: '2024-05-01 12:34:56' },
    )
  })

  it('describes what the database says no to, without the password', async () => {
    const { form, url } = lab()
    const [wrong, said] =
      form === 'sqlite'
        ? [`${url}/below`, /cannot be opened/]
        : [url.replace(/:[^:@]*@/, ':secret@'), /refuses user or password/]
    const failure = (await failureOf(wrong)) ?? ''
    assert.match(failure, said)
    assert.doesNotMatch(failure, /secret/)
  })
})

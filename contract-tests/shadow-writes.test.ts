/** Routes that write, shadowed: the rewritten Conduit beside itself, on MariaDB. */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { QueryTypes, type Sequelize } from 'sequelize'
import { openDatabase } from '../migrations/open-database.ts'
import { type Listener, type ShadowLab, startShadowLab } from '../proxy/shadow/shadow-lab.ts'
import { type ConduitApp, createApp } from '../routes/app.ts'
import { borrowDatabase } from './lab/borrow-database.ts'
import { checksum } from './lab/checksum.ts'
import type { LentDatabase } from './lab/database.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'
import { prepareDatabase } from './lab/seed.ts'
import { withEnvironment } from './lab/with-environment.ts'

const module = fileURLToPath(new URL('../routes/app.js', import.meta.url))
const secret = 'a secret of the tests, long enough to sign'
const json = { 'content-type': 'application/json' }

describeWith({ mariadb: await probeMariadb() }, 'writes in the shadows on MariaDB', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-writes-'))
  let database: LentDatabase
  let direct: Sequelize
  let legacy: ConduitApp
  let lab: ShadowLab
  let seen = 0

  withEnvironment({ JWT_SECRET: secret, BCRYPT_COST: '4' })
  before(async function () {
    this.timeout(90_000)
    database = await borrowDatabase({ form: 'mariadb', dir })
    await prepareDatabase(database.url, { users: 5, articles: 10 })
    direct = openDatabase(database.url)
    legacy = createApp({ database: { url: database.url }, role: 'primary' })
  })
  after(async function () {
    this.timeout(60_000)
    await legacy?.close()
    await direct?.close()
    await database?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  afterEach(() => lab?.close())

  const count = async (table: string): Promise<number> => {
    const sql = `SELECT COUNT(*) AS n FROM ${table}`
    const [row] = await direct.query<{ n: string }>(sql, { type: QueryTypes.SELECT })
    return Number(row?.n)
  }
  const nextId = async (): Promise<unknown> => {
    const sql = `SELECT AUTO_INCREMENT AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'articles'`
    return (await direct.query<{ n: unknown }>(sql, { type: QueryTypes.SELECT }))[0]?.n
  }
  const start = async (
    writes: 'off' | 'capture' | 'cage',
    listener: Listener = (asked, answer) => void legacy.app.callback()(asked, answer),
  ): Promise<string> => {
    seen = 0
    lab = await startShadowLab({
      legacy: listener,
      // One route for all of it, by a name that the handlers know.
      route: { id: 'articles.create', effects: writes === 'off' ? 'read' : 'write', writes },
      handlers: { module, databaseUrl: database.url },
      shadow: {
        snapshotWaitMs: 20_000,
        ...(writes === 'cage'
          ? { database: { url: database.url, twin: true, binlog: 'off' } }
          : {}),
      },
    })
    const body = JSON.stringify({ user: { email: 'jake@example.com', password: 'jakejake' } })
    // Lanes take a while to start; until then there is no snapshot.
    for (;;) {
      const login = { method: 'POST', path: '/api/users/login', headers: json, body }
      const reply = await lab.ask(login)
      equal(reply.status, 200)
      if ((await next())?.tally.reason !== 'lanes_taken')
        return JSON.parse(String(reply.body)).user.token
    }
  }
  /** The outcome of the next request. */
  const next = async () => {
    const told = await lab.outcomes(seen + 1)
    seen = told.length
    return told.at(-1)
  }
  const write = (token: string, title: string, tagList: readonly string[]) =>
    lab.ask({
      method: 'POST',
      path: '/api/articles',
      headers: { ...json, authorization: `Token ${token}` },
      body: JSON.stringify({ article: { title, description: 'd', body: 'b', tagList } }),
    })

  it('lets legacy write once, captures what modern would write, and tells of both', async () => {
    const token = await start('capture')
    const articles = await count('articles')
    const id = Number(await nextId())
    const reply = await write(token, 'Once and only once', ['fresh', 'koa'])
    equal(reply.status, 201)
    const told = await next()
    // Both write their own time, which may be another second by then.
    const places = told?.tally.places.filter(
      ({ pattern }) => !/(?:created|updated)At$/.test(pattern),
    )
    deepEqual([places, told?.tally.reason], [[], null])
    equal(told?.tally.isCaptured, true)
    equal(await count('articles'), articles + 1)
    equal(Number(await nextId()), id + 1)
  }).timeout(60_000)

  it('executes what modern writes in a cage, and takes it back', async () => {
    const token = await start('cage')
    const articles = await count('articles')
    const reply = await write(token, 'Caged', ['caged'])
    equal(reply.status, 201)
    const told = await next()
    notEqual(told?.tally.outcome, 'inconclusive')
    notEqual(told?.tally.outcome, 'shadow_error')
    equal(await count('articles'), articles + 1)
  }).timeout(60_000)

  it('tells of a route that says it reads, and writes', async () => {
    const token = await start('off')
    const articles = await count('articles')
    await write(token, 'Said to be read', [])
    const told = await next()
    equal(told?.tally.outcome, 'mismatch')
    const places = told?.tally.places.map(({ pattern }) => pattern)
    ok(places?.includes('writes:articles/insert'), String(places))
    equal(await count('articles'), articles + 1)
  }).timeout(60_000)

  it('changes nothing where legacy does not write', async () => {
    const deaf: Listener = (asked, answer) =>
      asked.url === '/api/articles'
        ? void asked.resume().on('end', () => answer.writeHead(201, json).end('{}'))
        : void legacy.app.callback()(asked, answer)
    const token = await start('capture', deaf)
    const sum = await checksum(direct)
    await write(token, 'Never written', ['never'])
    const told = await next()
    equal(told?.tally.outcome, 'mismatch')
    const places = told?.exemplar?.comparison?.differences.map(
      ({ path, kind }) => `${kind} ${path}`,
    )
    ok(places?.includes('extra writes:articles/insert'), String(places))
    equal(await checksum(direct), sum)
  }).timeout(60_000)
})

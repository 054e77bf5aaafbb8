/**
 * What a handler writes in a cage, held against what legacy has written by its binary log: the PHP
 * sample behind Banyan, on MariaDB, beside a twin of its database.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { QueryTypes, type Sequelize } from 'sequelize'
import { openDatabase } from '../migrations/open-database.ts'
import {
  type Listener,
  type ShadowLab,
  startShadowLab,
  type Told,
} from '../proxy/shadow/shadow-lab.ts'
import { checksum } from './lab/checksum.ts'
import { type LabDatabase, startDatabase } from './lab/database.ts'
import { jake, jwtSecret } from './lab/each-legacy.ts'
import { describeWith } from './lab/left-out.ts'
import { type Legacy, startPhp } from './lab/legacy.ts'
import { probeMariadb, probePhp } from './lab/native.ts'
import { prepareDatabase } from './lab/seed.ts'
import { until } from './lab/until.ts'

const module = fileURLToPath(new URL('../routes/app.js', import.meta.url))
const json = { 'content-type': 'application/json' }

/** What legacy does besides, before it answers; its statements name the request. */
type Besides = (tag: string, title: string) => Promise<unknown>

const needs = { php: await probePhp(), mariadb: await probeMariadb() }

describeWith(needs, 'writes in a cage, judged by the binary log', function (this: Mocha.Suite) {
  this.timeout(60_000)
  const dir = mkdtempSync(join(tmpdir(), 'banyan-cage-'))
  const before_ = process.env.JWT_SECRET
  let database: LabDatabase
  let twinUrl: string
  let direct: Sequelize
  let twin: Sequelize
  let php: Legacy
  let lab: ShadowLab
  let besides: Besides = async () => {}
  let isDeaf = false
  let asked = 0

  const run = (sql: string) => direct.query(sql)
  /** The PHP sample, with what a test adds to it. */
  const forward: Listener = (message, answer) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      const body = Buffer.concat(chunks)
      if (isDeaf) return void answer.writeHead(201, json).end('{}')
      const { method, url = '', headers } = message
      const onward = send(`${php.url}${url}`, { method, headers }, async (from) => {
        await besides(
          `/* rid='${headers['x-request-id']}' */`,
          JSON.parse(String(body)).article.title,
        )
        answer.writeHead(from.statusCode ?? 0, from.headers)
        from.pipe(answer)
      })
      onward.end(body)
    })
  }
  /** As it is now. */
  const copy = async (): Promise<void> => {
    await run('DROP DATABASE IF EXISTS twin')
    await run('CREATE DATABASE twin')
    const sql =
      "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'conduit'"
    for (const { name } of await direct.query<{ name: string }>(sql, { type: QueryTypes.SELECT })) {
      await run(`CREATE TABLE twin.${name} LIKE conduit.${name}`)
      await run(`INSERT INTO twin.${name} SELECT * FROM conduit.${name}`)
    }
  }
  const start = async (
    binlog = 'auto',
    isolation: 'thread' | 'process' = 'thread',
  ): Promise<void> => {
    asked = 0
    lab = await startShadowLab({
      legacy: forward,
      route: { id: 'articles.create', effects: 'write', writes: 'cage' },
      handlers: { module, databaseUrl: database.url },
      shadow: { isolation, database: { url: twinUrl, twin: true, binlog } },
    })
  }
  const told = async (
    title: string,
    tagList: readonly string[] = [],
  ): Promise<Told | undefined> => {
    asked += 1
    await lab.ask({
      method: 'POST',
      path: '/api/articles',
      headers: { ...json, ...jake() },
      body: JSON.stringify({ article: { title, description: 'd', body: 'b', tagList } }),
    })
    return (await lab.outcomes(asked)).at(-1)
  }
  const judgedBy = async (by: string): Promise<number> => {
    const text = await (await fetch(`${lab.adminUrl}/metrics`)).text()
    const found = new RegExp(`banyan_writes_judged_total\\{[^}]*by="${by}"\\} (\\d+)`).exec(text)
    return Number(found?.[1] ?? 0)
  }
  const untold = async () => {
    const found = await (await fetch(`${lab.adminUrl}/v1/routes/articles.create`)).json()
    return (found as { untold: { leftOut: Record<string, number>; problem: unknown } | null })
      .untold
  }
  /** Until lanes have started and the log is read; then the twin is all that legacy has. */
  const warm = async (): Promise<void> => {
    await until(async () => {
      await told(`Warming up ${asked}`)
      return (await judgedBy('binlog')) > 0
    }, 45_000)
    await copy()
  }
  const differences = (one: Told | undefined): readonly string[] =>
    (one?.exemplar?.comparison?.differences ?? [])
      .filter(({ path }) => path.startsWith('writes:'))
      .map(({ path, kind }) => `${kind} ${path}`)

  before(async function () {
    this.timeout(90_000)
    process.env.JWT_SECRET = jwtSecret
    database = await startDatabase({ form: 'mariadb', dir })
    await prepareDatabase(database.url, { users: 5, articles: 10 })
    direct = openDatabase(database.url)
    // Legacy does not know it.
    await run('ALTER TABLE articles DROP COLUMN published_at')
    await run('CREATE TABLE audits (id INT AUTO_INCREMENT PRIMARY KEY, what TEXT)')
    await copy()
    twinUrl = database.url.replace(/conduit$/, 'twin')
    twin = openDatabase(twinUrl)
    const databaseUrl = database.url
    php = await startPhp({ databaseUrl, jwtSecret, form: 'native', dir })
  })
  after(async function () {
    this.timeout(60_000)
    process.env.JWT_SECRET = before_
    await php?.close()
    await twin?.close()
    await direct?.close()
    await database?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  afterEach(async () => {
    besides = async () => {}
    isDeaf = false
    await lab?.close()
  })

  it('finds nothing where both write the same, whatever numbers each gives out, and leaves nothing behind', async () => {
    await start()
    await warm()
    const sum = await checksum(twin)
    // The twin grows older, and its numbers have gaps.
    for (const tag of ['first', 'second', 'third']) {
      const found = await told(`Both alike in the ${tag}`, [tag, `${tag} too`])
      deepEqual([differences(found), found?.tally.reason], [[], null])
    }
    equal(await checksum(twin), sum)
    deepEqual((await untold())?.problem ?? null, null)
  })

  it('finds what only legacy writes, and what it writes otherwise', async () => {
    await start('auto', 'process')
    await warm()
    besides = (tag) => run(`INSERT INTO audits (what) VALUES ('it happened') ${tag}`)
    const audited = await told('Audited', ['fresh'])
    deepEqual(differences(audited), ['missing writes:audits/insert'])
    besides = (tag, title) =>
      run(`UPDATE articles SET title = 'Otherwise' WHERE title = '${title}' ${tag}`)
    deepEqual(differences(await told('Changed at once')), ['value writes:articles/insert/title'])
  })

  it('finds it, too, where the twin is too old to know rows with the numbers that it gives out', async () => {
    await start()
    await warm()
    for (const n of [1, 2, 3]) await told(`Younger than the twin ${n}`, [`younger ${n}`])
    besides = (tag) => run(`INSERT INTO audits (what) VALUES ('it happened') ${tag}`)
    const found = await told('Audited beside others', ['beside others'])
    deepEqual(differences(found), ['missing writes:audits/insert'])
  })

  it('finds what only modern writes', async () => {
    await start()
    await warm()
    isDeaf = true
    const found = differences(await told('Never written', ['never']))
    ok(found.includes('extra writes:articles/insert'), String(found))
    ok(found.includes('extra writes:article_tags/insert'), String(found))
  })

  it('tells nothing where the twin is older, and nothing of it is a difference', async () => {
    await start()
    await warm()
    await run("INSERT INTO tags (name) VALUES ('younger')")
    const found = await told('Of a younger tag', ['younger'])
    deepEqual([found?.tally.outcome, found?.tally.reason], ['inconclusive', 'twin_stale'])
    equal((await untold())?.problem !== null, true)
  })

  it('compares answers alone where nobody reads the log, and says so', async () => {
    await start('off')
    let found = await told('Nobody reads it')
    await until(async () => {
      found = await told(`Nobody reads it ${asked}`)
      return found?.tally.reason === null
    })
    deepEqual(differences(found), [])
    ok(((await untold())?.leftOut.no_binlog ?? 0) > 0)
  })
})

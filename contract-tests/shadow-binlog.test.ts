/** All that legacy wrote, by its binary log: the PHP sample behind Banyan, on MariaDB. */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { QueryTypes, type Sequelize } from 'sequelize'
import { openDatabase } from '../migrations/open-database.ts'
import {
  type LabReply,
  type ShadowLab,
  startShadowLab,
  type Told,
} from '../proxy/shadow/shadow-lab.ts'
import type { BinlogStatus } from '../proxy/shadow/writes/binlog/binlog-status.ts'
import { type LabDatabase, startDatabase } from './lab/database.ts'
import { jwtSecret } from './lab/each-legacy.ts'
import { describeWith } from './lab/left-out.ts'
import { type Legacy, startPhp } from './lab/legacy.ts'
import { probeMariadb, probePhp } from './lab/native.ts'
import { prepareDatabase } from './lab/seed.ts'
import { until } from './lab/until.ts'
import { type Acts, legacyBesides, postOf } from './legacy-besides.ts'

const module = fileURLToPath(new URL('../routes/app.js', import.meta.url))

/** A column that legacy does not know. */
const younger = '/published_at'

const needs = { php: await probePhp(), mariadb: await probeMariadb() }

describeWith(
  needs,
  'writes in the shadows, judged by the binary log',
  function (this: Mocha.Suite) {
    this.timeout(60_000)
    const dir = mkdtempSync(join(tmpdir(), 'banyan-binlog-'))
    const before_ = process.env.JWT_SECRET
    let database: LabDatabase
    let direct: Sequelize
    let php: Legacy
    let lab: ShadowLab
    const acts: Acts = { besides: async () => {} }
    let asked = 0

    const run = (sql: string) => direct.query(sql)
    /** The snapshot stands for certain, unless a test is about just that. */
    const start = async (shadow: object = {}): Promise<void> => {
      asked = 0
      lab = await startShadowLab({
        legacy: legacyBesides(() => php, acts),
        route: { id: 'articles.create', effects: 'write', writes: 'capture' },
        handlers: { module, databaseUrl: database.url },
        shadow: { snapshotWaitMs: 20_000, ...shadow },
      })
    }
    const write = (title: string, tagList: readonly string[] = []): Promise<LabReply> => {
      asked += 1
      return lab.ask({ path: '/api/articles', ...postOf(title, tagList) })
    }
    const told = async (title: string, tags: readonly string[] = []): Promise<Told | undefined> => {
      await write(title, tags)
      return (await lab.outcomes(asked)).at(-1)
    }
    const judgedBy = async (by: string): Promise<number> => {
      const text = await (await fetch(`${lab.adminUrl}/metrics`)).text()
      const found = new RegExp(`banyan_writes_judged_total\\{[^}]*by="${by}"\\} (\\d+)`).exec(text)
      return Number(found?.[1] ?? 0)
    }
    /** Until lanes have started and the log is read. */
    const warm = (by = 'binlog'): Promise<boolean> =>
      until(async () => {
        await told(`Warming up ${asked}`)
        return (await judgedBy(by)) > 0
      }, 45_000)
    const differences = (one: Told | undefined): readonly string[] =>
      (one?.exemplar?.comparison?.differences ?? [])
        .filter(({ path }) => path.startsWith('writes:') && !path.endsWith(younger))
        .map(({ path, kind }) => `${kind} ${path}`)
    const binlog = async (): Promise<BinlogStatus | null> => {
      const answer = await (await fetch(`${lab.adminUrl}/v1/status`)).json()
      return (answer as { readonly binlog: BinlogStatus | null }).binlog
    }
    const heard = (event: string) => lab.heard.filter((line) => line.event === event)

    before(async function () {
      this.timeout(90_000)
      process.env.JWT_SECRET = jwtSecret
      database = await startDatabase({ form: 'mariadb', dir })
      await prepareDatabase(database.url, { users: 5, articles: 10 })
      direct = openDatabase(database.url)
      await run('CREATE TABLE audits (id INT AUTO_INCREMENT PRIMARY KEY, what TEXT)')
      const databaseUrl = database.url
      php = await startPhp({ databaseUrl, jwtSecret, form: 'native', dir })
    })
    after(async function () {
      this.timeout(60_000)
      process.env.JWT_SECRET = before_
      await php?.close()
      await direct?.close()
      await database?.close()
      rmSync(dir, { recursive: true, force: true })
    })
    afterEach(async () => {
      acts.besides = async () => {}
      await lab?.close()
    })

    it('finds nothing where both write the same', async () => {
      await start()
      await warm()
      const found = await told('Both alike', ['one', 'two'])
      deepEqual([differences(found), found?.tally.reason], [[], null])
      equal(heard('binlog_read').length, 1)
      const follows = async () => {
        const found = await binlog()
        return found?.position != null && found.state === 'following' && found
      }
      const { server, why } = await until(follows)
      deepEqual([server, why], [new URL(database.url).host, null])
      const page = await (await fetch(`${lab.adminUrl}/metrics`)).text()
      match(page, /^banyan_binlog_state\{state="following"\} 1$/m)
      match(page, /^banyan_binlog_state\{state="failed"\} 0$/m)
    })

    it('finds what only legacy writes, and what it writes otherwise, beside a lane that is a process', async () => {
      await start({ isolation: 'process' })
      await warm()
      acts.besides = (tag) => run(`INSERT INTO audits (what) VALUES ('it happened') ${tag}`)
      deepEqual(differences(await told('Audited')), ['missing writes:audits/insert'])
      acts.besides = (tag, title) =>
        run(`UPDATE articles SET title = 'Otherwise' WHERE title = '${title}' ${tag}`)
      deepEqual(differences(await told('Changed at once')), ['value writes:articles/insert/title'])
    })

    it('tells what it can where nobody waits for a snapshot, and is late only where it was', async () => {
      await start({ snapshotWaitMs: 0 })
      await warm()
      for (let n = 0; n < 20; n += 1) await told(`Nobody waits ${n}`)
      const reasons = lab.told.slice(-20).map(({ tally }) => tally.reason)
      deepEqual(new Set([...reasons, null, 'snapshot_late']), new Set([null, 'snapshot_late']))
      ok(reasons.includes(null), 'every snapshot was late')
    })

    it('finds what only modern writes', async () => {
      await start()
      await warm()
      acts.besides = null
      const found = differences(await told('Never written', ['never']))
      ok(found.includes('extra writes:articles/insert'), String(found))
      ok(found.includes('extra writes:article_tags/insert'), String(found))
    })

    it('keeps what other requests write meanwhile apart', async () => {
      await start({ lanes: 4 })
      await warm()
      acts.besides = (tag, title) =>
        title.startsWith('Odd')
          ? run(`INSERT INTO audits (what) VALUES ('odd') ${tag}`)
          : run('DO 1')
      const aside = (n: number): Promise<Response> =>
        fetch(`${php.url}/api/articles`, postOf(`Aside ${n}`))
      const byState = await judgedBy('state')
      const eight = [1, 2, 3, 4, 5, 6, 7, 8]
      await Promise.all([
        ...eight.map((n) => write(`${n % 2 === 0 ? 'Even' : 'Odd'} ${n}`)),
        ...eight.map(aside),
      ])
      const all = (await lab.outcomes(asked)).slice(-eight.length)
      const judged = all.filter(({ tally }) => tally.reason === null)
      ok(judged.length > 0)
      const isExact = (await judgedBy('state')) === byState
      for (const one of judged) {
        const isOdd = String(Buffer.from(one.exemplar?.request.body ?? [])).includes('Odd')
        // On a machine that is too slow, the log is not waited for, and nothing is missing.
        const expected = isOdd ? ['missing writes:audits/insert'] : []
        if (isExact) deepEqual(differences(one), expected)
        else ok(differences(one).every((each) => expected.includes(each)))
      }
    })

    it('goes on after its connection was ended, and after the log was rotated', async () => {
      await start()
      await warm()
      const sql = "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog%'"
      const streams = await direct.query<{ id: number }>(sql, { type: QueryTypes.SELECT })
      equal(streams.length, 1)
      await run(`KILL ${streams[0]?.id}`)
      await until(async () => heard('binlog_read').length === 2)
      await run('FLUSH BINARY LOGS')
      const at = await judgedBy('binlog')
      acts.besides = (tag) => run(`INSERT INTO audits (what) VALUES ('again') ${tag}`)
      deepEqual(differences(await told('After it was ended')), ['missing writes:audits/insert'])
      await until(async () => (await judgedBy('binlog')) > at)
    })

    it('says why where the log may not be read, and judges by what the database holds', async () => {
      await start({ database: { twin: false, binlog: 'off' } })
      await warm('state')
      deepEqual(differences(await told('Judged by its state')), [])
      deepEqual([await judgedBy('binlog'), await binlog()], [0, null])
      await lab.close()
      const wrong = `mysql://nobody:wrong@${new URL(database.url).host}/conduit`
      await start({ database: { twin: false, binlog: wrong } })
      await warm('state')
      match(String(heard('binlog_unread')[0]?.fields.detail), /Access denied/)
      const found = await binlog()
      deepEqual([found?.state, found?.position], ['failed', null])
      match(String(found?.why), /Access denied/)
    })
  },
)

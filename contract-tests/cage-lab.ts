/** The PHP sample behind Banyan, on MariaDB, its handlers in cages on a twin of its database. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { QueryTypes, type Sequelize } from 'sequelize'
import { openDatabase } from '../migrations/open-database.ts'
import { type ShadowLab, startShadowLab, type Told } from '../proxy/shadow/shadow-lab.ts'
import type { RouteWrites } from '../proxy/shadow/writes/write-notes.ts'
import { type LabDatabase, startDatabase } from './lab/database.ts'
import { jake, jwtSecret } from './lab/each-legacy.ts'
import { type Legacy, startPhp } from './lab/legacy.ts'
import { prepareDatabase } from './lab/seed.ts'
import { until } from './lab/until.ts'
import { type Acts, json, legacyBesides } from './legacy-besides.ts'

const module = fileURLToPath(new URL('../routes/app.js', import.meta.url))

export interface CageWorld {
  readonly php: Legacy
  readonly twin: Sequelize
  readonly acts: Acts
  /** On legacy's database. */
  run(sql: string): Promise<unknown>
  /** Makes the twin what legacy's database is now. */
  copy(): Promise<void>
  start(options?: CageOptions): Promise<CageLab>
  close(): Promise<void>
}

export interface CageOptions {
  readonly binlog?: string
  readonly isolation?: 'thread' | 'process'
}

export interface CageLab {
  /** Sends it, and waits for what is told of its shadow. */
  tell(method: string, path: string, article: object): Promise<Told | undefined>
  /** A new article. */
  told(title: string, tagList?: readonly string[]): Promise<Told | undefined>
  untold(): Promise<RouteWrites | null>
  /** Until lanes have started and the log is read; then the twin is all that legacy has. */
  warm(): Promise<void>
  close(): Promise<void>
}

const labOf = (lab: ShadowLab, copy: () => Promise<void>): CageLab => {
  let asked = 0
  const tell: CageLab['tell'] = async (method, path, article) => {
    asked += 1
    const body = JSON.stringify({ article })
    const headers = { ...json, ...jake(), 'content-length': String(Buffer.byteLength(body)) }
    await lab.ask({ method, path, headers, body })
    return (await lab.outcomes(asked)).at(-1)
  }
  const told: CageLab['told'] = (title, tagList = []) =>
    tell('POST', '/api/articles', { title, description: 'd', body: 'b', tagList })
  const isJudged = async (): Promise<boolean> =>
    /banyan_writes_judged_total\{[^}]*by="binlog"\} [1-9]/.test(
      await (await fetch(`${lab.adminUrl}/metrics`)).text(),
    )
  return {
    ...{ tell, told },
    async untold() {
      const found = await (await fetch(`${lab.adminUrl}/v1/routes/articles.create`)).json()
      return (found as { untold: RouteWrites | null }).untold
    },
    async warm() {
      await until(async () => {
        await told(`Warming up ${asked}`)
        return isJudged()
      }, 45_000)
      await copy()
    },
    close: lab.close,
  }
}

const copying = (direct: Sequelize) => async (): Promise<void> => {
  await direct.query('DROP DATABASE IF EXISTS twin')
  await direct.query('CREATE DATABASE twin')
  const sql =
    'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()'
  for (const { name } of await direct.query<{ name: string }>(sql, { type: QueryTypes.SELECT })) {
    await direct.query(`CREATE TABLE twin.${name} LIKE ${name}`)
    await direct.query(`INSERT INTO twin.${name} SELECT * FROM ${name}`)
  }
}

const prepare = async (database: LabDatabase): Promise<Sequelize> => {
  await prepareDatabase(database.url, { users: 5, articles: 10 })
  const direct = openDatabase(database.url)
  // Legacy does not know it.
  await direct.query('ALTER TABLE articles DROP COLUMN published_at')
  await direct.query('CREATE TABLE audits (id INT AUTO_INCREMENT PRIMARY KEY, what TEXT)')
  return direct
}

export const startCageWorld = async (): Promise<CageWorld> => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-cage-'))
  const database = await startDatabase({ form: 'mariadb', dir })
  const direct = await prepare(database)
  const copy = copying(direct)
  await copy()
  const twinUrl = database.url.replace(/conduit$/, 'twin')
  const twin = openDatabase(twinUrl)
  const databaseUrl = database.url
  const php = await startPhp({ databaseUrl, jwtSecret, form: 'native', dir })
  const acts: Acts = { besides: async () => {} }
  return {
    ...{ php, twin, acts, copy },
    run: (sql) => direct.query(sql),
    async start({ binlog = 'auto', isolation = 'thread' } = {}) {
      acts.besides = async () => {}
      const lab = await startShadowLab({
        legacy: legacyBesides(() => php, acts),
        // One route for all of it, by a name that the handlers know.
        route: { id: 'articles.create', effects: 'write', writes: 'cage' },
        handlers: { module, databaseUrl },
        shadow: { isolation, database: { url: twinUrl, twin: true, binlog } },
      })
      return labOf(lab, copy)
    },
    async close() {
      await php.close()
      await twin.close()
      await direct.close()
      await database.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Several workers, each of which follows the binary log of legacy for the requests that it gets. */
import { deepEqual, equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QueryTypes, type Sequelize } from 'sequelize'
import { openDatabase } from '../migrations/open-database.ts'
import type { BinlogStatus } from '../proxy/shadow/writes/binlog/binlog-status.ts'
import { startWorkers, type WorkersLab } from '../proxy/workers/workers-lab.ts'
import { type LabDatabase, startDatabase } from './lab/database.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'
import { until } from './lab/until.ts'

const mariadb = await probeMariadb()
const workers = 2

const configText = (legacy: string, database: string): string =>
  [
    'listen: { host: 127.0.0.1, port: 0 }',
    'admin: { port: 0 }',
    'log: { level: info }',
    `upstreams: { php: { url: "${legacy}" } }`,
    `handlers: { module: handlers.mjs, database: { url: "${database}" } }`,
    'shadow: { lanes: 1, isolation: thread, snapshotWait: 10s }',
    'routes:',
    '  writes: { match: POST /, legacy: php, modern: handlers, effects: write, writes: capture, stage: shadow }',
  ].join('\n')

describeWith(
  { mariadb },
  'the binary log of MariaDB, for two workers',
  function (this: Mocha.Suite) {
    this.timeout(90_000)
    const dir = mkdtempSync(join(tmpdir(), 'banyan-log-workers-'))
    let database: LabDatabase
    let direct: Sequelize
    let legacy: Server
    let lab: WorkersLab

    before(async () => {
      database = await startDatabase({ form: 'mariadb', dir })
      direct = openDatabase(database.url)
      await direct.query('CREATE TABLE notes (id INT AUTO_INCREMENT PRIMARY KEY, v INT)')
      legacy = createServer(async (asked, answer) => {
        const rid = asked.headers['x-request-id']
        await direct.query(`INSERT INTO notes (v) VALUES (1) /* rid='${rid}' */`)
        answer.end('written')
      })
      await new Promise<void>((resolve) => legacy.listen(0, '127.0.0.1', resolve))
      const { port } = legacy.address() as AddressInfo
      lab = await startWorkers(workers, {
        text: configText(`http://127.0.0.1:${port}`, database.url),
      })
    })
    after(async () => {
      await lab?.close()
      legacy?.close()
      await direct?.close()
      await database?.close()
      rmSync(dir, { recursive: true, force: true })
    })

    const post = async (): Promise<void> => {
      const url = await lab.url()
      await new Promise<void>((resolve, reject) => {
        // A connection of its own: it may come to either worker.
        const asked = request(url, { method: 'POST', agent: new Agent() }, (answer) => {
          answer.resume()
          answer.on('end', resolve)
        })
        asked.on('error', reject)
        asked.end()
      })
    }
    const judged = async (by: string): Promise<number> => {
      const found = new RegExp(`^banyan_writes_judged_total\\{.*by="${by}"\\} (\\d+)`, 'm')
      return Number(found.exec(await lab.ask('/metrics'))?.[1] ?? 0)
    }
    const streams = async (): Promise<readonly number[]> => {
      const sql =
        "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog%' ORDER BY ID"
      return (await direct.query<{ id: number }>(sql, { type: QueryTypes.SELECT })).map(
        ({ id }) => id,
      )
    }

    it('is followed by each over a stream of its own, and none ends that of another', async () => {
      const found = await until(async () => {
        const { binlog } = await lab.json<{ binlog: BinlogStatus | null }>('/v1/status')
        return binlog?.state === 'following' && binlog
      })
      equal(found.why, null)
      const before_ = await streams()
      equal(before_.length, workers)
      await until(async () => {
        await post()
        return (await judged('binlog')) >= 10
      }, 60_000)
      deepEqual(await streams(), before_)
    })
  },
)

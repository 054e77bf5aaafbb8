/** A server, a reader of its binary log, and statements that name the request that they are for. */
import { equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sequelize } from 'sequelize'
import { openDatabase } from '../migrations/open-database.ts'
import type { BinlogFinding, BinlogState } from '../proxy/shadow/writes/binlog/binlog-messages.ts'
import { createFindWrites, type FindWrites } from '../proxy/shadow/writes/binlog/find-writes.ts'
import { moment } from '../proxy/shadow/writes/moment.ts'
import {
  loadMysql,
  type MysqlAddress,
  type MysqlLink,
  openLink,
} from '../proxy/shadow/writes/mysql-link.ts'
import type { Overlay } from '../proxy/shadow/writes/overlay.ts'
import type { Intended, WriteDifference } from '../proxy/shadow/writes/report.ts'
import { readTableFacts, type TableFacts } from '../proxy/shadow/writes/table-facts.ts'
import { type LabDatabase, startDatabase } from './lab/database.ts'
import { until } from './lab/until.ts'

export interface BinlogLab {
  readonly database: LabDatabase
  readonly address: MysqlAddress
  readonly link: MysqlLink
  readonly writes: FindWrites
  /** What the reader has said of itself. */
  readonly states: readonly BinlogState[]
  run(sql: string): Promise<unknown>
  /** On a connection of its own. */
  ask(isPrepared: boolean, sql: string, values?: unknown): Promise<unknown>
  intended(overlay: Overlay): Intended
  /** What is found of statements that name a request of their own. */
  find(overlay: Overlay, ...statements: string[]): Promise<BinlogFinding>
  /** Fails where it is not found. */
  differences(overlay: Overlay, ...statements: string[]): Promise<readonly WriteDifference[]>
  factsOf(table: string): Promise<TableFacts>
  close(): Promise<void>
}

const zone = '+02:00'

export const addressOf = (url: string): MysqlAddress => {
  const { hostname: host, port, username: user, password } = new URL(url)
  return { host, port: Number(port), user, password, database: 'conduit' }
}

const askOn =
  ({ connection }: MysqlLink): BinlogLab['ask'] =>
  (isPrepared, sql, values = []) =>
    new Promise((resolve, reject) => {
      connection[isPrepared ? 'execute' : 'query']({ sql, values }, (error, result) =>
        error === null ? resolve(result) : reject(error),
      )
    })

const createAsking = (direct: Sequelize, link: MysqlLink, writes: FindWrites) => {
  let last = 0
  const intended = (overlay: Overlay): Intended => ({
    ...{ overlay, server: link.server, zone, snapshot: null },
  })
  const find: BinlogLab['find'] = async (overlay, ...statements) => {
    last += 1
    const [request, since] = [`request-${last}`, moment()]
    for (const sql of statements) await direct.query(`${sql} /* rid='${request}' */`)
    return writes.find({ request, since, intended: intended(overlay) })
  }
  const differences: BinlogLab['differences'] = async (overlay, ...statements) => {
    const found = await find(overlay, ...statements)
    equal(found.is, 'found', JSON.stringify(found))
    return found.is === 'found' ? found.differences : []
  }
  return { intended, find, differences }
}

/** Resolves once its log is read. */
export const startBinlogLab = async (): Promise<BinlogLab> => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-log-'))
  const database = await startDatabase({ form: 'mariadb', dir })
  const direct = openDatabase(database.url)
  const address = addressOf(database.url)
  const link = await openLink(loadMysql(import.meta.filename), address)
  await link.ask(`SET time_zone = '${zone}'`)
  const states: BinlogState[] = []
  const onState = (state: BinlogState): void => void states.push(state)
  const writes = createFindWrites({ address, onState, restMs: () => 10 })
  await until(async () => states.at(-1)?.is === 'reading')
  return {
    ...{ database, address, link, writes, states },
    ...createAsking(direct, link, writes),
    run: (sql) => direct.query(sql),
    ask: askOn(link),
    factsOf: (table) => readTableFacts(table, true, link.ask),
    async close() {
      writes.close()
      link.destroy()
      await direct.close()
      await database.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

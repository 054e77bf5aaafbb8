/** Statements in a cage on MariaDB, and what was seen of them before they were rolled back. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sequelize } from 'sequelize'
import { openDatabase } from '../migrations/open-database.ts'
import { createCageSession } from '../proxy/shadow/writes/cage-session.ts'
import type { KnownFacts } from '../proxy/shadow/writes/known-facts.ts'
import { createMysqlFacade } from '../proxy/shadow/writes/mysql-facade.ts'
import { loadMysql, type MysqlAddress, openLink } from '../proxy/shadow/writes/mysql-link.ts'
import type { Overlay } from '../proxy/shadow/writes/overlay.ts'
import type { Intended, WritesProblem } from '../proxy/shadow/writes/report.ts'
import { addressOf } from './binlog-lab.ts'
import { startDatabase } from './lab/database.ts'

type Connection = ReturnType<typeof mysql.createConnection>

export interface Caged {
  readonly intended: Intended | null
  readonly problem: WritesProblem | null
  /** By statement; null: it was made. */
  readonly errors: readonly (Error | null)[]
}

export interface CagedStatements {
  readonly direct: Sequelize
  readonly address: MysqlAddress
  /** `@2` before a statement: over another connection of the handler. @param config of all of them */
  run(statements: readonly string[], config?: object): Promise<Caged>
  close(): Promise<void>
}

const mysql = loadMysql(import.meta.filename)

/** `+` made, `-` gone, `*` changed, by what stands in the first columns. */
export const linesOf = (overlay: Overlay): readonly string[] =>
  [...overlay.values()].flatMap(({ facts, rows }) =>
    [...rows.values()]
      .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
      .map(({ before, after }) => {
        const sign = before === null ? '+' : after === null ? '-' : '*'
        return `${sign} ${facts.name} ${(after ?? before ?? []).slice(0, 3).join(',')}`
      }),
  )

export const startCagedStatements = async (tables: readonly string[]): Promise<CagedStatements> => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-cage-'))
  const database = await startDatabase({ form: 'mariadb', dir })
  const direct = openDatabase(database.url)
  for (const sql of tables) await direct.query(sql)
  const known: KnownFacts = new Map()
  const address = addressOf(database.url)

  const run: CagedStatements['run'] = async (statements, config = {}) => {
    const link = await openLink(mysql, address)
    const session = await createCageSession(mysql, link, known)
    const facade = createMysqlFacade(mysql, session.answer) as typeof mysql
    const connections = new Map<string, Connection>()
    const errors: (Error | null)[] = []
    for (const statement of statements) {
      const [, number = '1', sql = ''] = /^(?:@(\d) )?(.*)$/s.exec(statement) ?? []
      const connection = connections.get(number) ?? facade.createConnection(config)
      connections.set(number, connection)
      errors.push(await new Promise((resolve) => connection.query({ sql }, resolve)))
    }
    const intended = (await session.intended?.()) ?? null
    await session.end()
    return { intended, problem: session.problem(), errors }
  }
  return {
    ...{ direct, address, run },
    async close() {
      await direct.close()
      await database.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** For all tests of the suite that it is called in. */
export const useCagedStatements = (tables: readonly string[]): (() => CagedStatements) => {
  let caged: CagedStatements
  before(async function () {
    this.timeout(60_000)
    caged = await startCagedStatements(tables)
  })
  after(async function () {
    this.timeout(60_000)
    await caged?.close()
  })
  return () => caged
}

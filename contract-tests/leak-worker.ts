/** A thread in which statements are tried through the driver of a lane. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Sequelize } from 'sequelize'
import { openDatabase } from '../migrations/open-database.ts'
import { createLaneDatabase } from '../proxy/shadow/writes/lane-database.ts'
import type { LeakTask } from './leaking.ts'

const { databaseUrl, kind, isRecorded, module, statements, connections } = workerData as LeakTask

/** Some in transactions, some in transactions within them: whatever is refused is refused. */
const tryAll = async (database: Sequelize, mine: readonly string[]): Promise<void> => {
  const [first, ...rest] = mine
  if (first === undefined) return
  await database.query(first).catch(() => {})
  await database
    .transaction(async (transaction) => {
      for (const sql of rest) await database.query(sql, { transaction }).catch(() => {})
      await database
        .transaction({ transaction }, async (inner) => {
          for (const sql of rest) await database.query(sql, { transaction: inner }).catch(() => {})
        })
        .catch(() => {})
    })
    .catch(() => {})
}

const driver = await createLaneDatabase(
  { url: databaseUrl, isTwin: kind === 'cage', isWriting: true, copyLimitBytes: 0, egress: [] },
  { module, databaseUrl },
)
const prepared = await driver.prepare({ kind, isRecorded })
parentPort?.postMessage({ is: 'begun', prepared })
const database = openDatabase(databaseUrl, { ...driver.database, connections })
const share = Math.ceil(statements.length / connections)
await Promise.all(
  Array.from({ length: connections }, (_, n) =>
    tryAll(database, statements.slice(n * share, (n + 1) * share)),
  ),
)
const report = await driver.end()
parentPort?.postMessage({ is: 'done', report })
process.exit(0)

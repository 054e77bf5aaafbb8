/** What the store's thread does with the calls of its process, over one database. */

import type { Evidence } from '../cutover/evidence.ts'
import type { Exemplar } from '../shadow/finding.ts'
import { againAfterDeadlock } from './after-deadlock.ts'
import { createEvidenceRows, type EvidenceRows } from './evidence-rows.ts'
import { createExemplarRows, type ExemplarRows } from './exemplar-rows.ts'
import { type OpenDatabaseOptions, openDatabase } from './open-database.ts'
import { migrateStore } from './schema.ts'
import type { Sequelize } from './sequelize.ts'
import type { ExemplarQuery } from './store.ts'

export interface Batch {
  readonly evidence: readonly Evidence[]
  readonly exemplars: readonly Exemplar[]
}

/** Answered by a number for `write` (what was refused), else by what is asked for. */
export type StoreCall =
  | { readonly is: 'write'; readonly batch: Batch }
  | { readonly is: 'evidence'; readonly route: string | undefined }
  | { readonly is: 'find'; readonly query: ExemplarQuery }
  | { readonly is: 'get'; readonly id: string; readonly route: string | undefined }

export interface WorkerConfig {
  /** As in the config, credentials included. */
  readonly url: string
  /** Bytes that all exemplars together may take. */
  readonly limitBytes: number
  /** How long what nobody adds to is kept. */
  readonly keepMs: number
}

export interface StoreWorker {
  /** One after the other. Rejects with an Error for the operator; the next call opens anew. */
  handle(call: StoreCall): Promise<unknown>
  close(): Promise<void>
}

interface Tables {
  readonly database: Sequelize
  readonly evidence: EvidenceRows
  readonly exemplars: ExemplarRows
}

const day = 86_400_000
/** So long an instance must be silent to be taken for dead; a living one says hourly that it is. */
const silentMs = 7 * day
const tidyEveryMs = 60_000
const touchEveryMs = 3_600_000

const connect = async (config: WorkerConfig, options: OpenDatabaseOptions): Promise<Tables> => {
  const database = openDatabase(config.url, options)
  try {
    await migrateStore(database)
  } catch (error) {
    await database.close().catch(() => {})
    throw error
  }
  return {
    database,
    evidence: createEvidenceRows(database),
    exemplars: createExemplarRows(database),
  }
}

const write = async (
  { database, evidence, exemplars }: Tables,
  { batch }: StoreCall & { is: 'write' },
  nowMs: number,
): Promise<number> =>
  database.transaction(async (transaction) => {
    const refused = await evidence.put(batch.evidence, nowMs, transaction)
    await exemplars.put(batch.exemplars, transaction)
    return refused
  })

/** Bounds what is stored, now and then. */
const createTidy = ({ limitBytes, keepMs }: WorkerConfig, now: () => number) => {
  let tidiedAt = Number.NEGATIVE_INFINITY
  let touchedAt = now()
  return async ({ evidence, exemplars }: Tables, living: ReadonlySet<string>): Promise<void> => {
    const at = now()
    if (at - tidiedAt < tidyEveryMs) return
    if (at - touchedAt >= touchEveryMs) {
      await evidence.touch([...living], at)
      touchedAt = at
    }
    await exemplars.prune(at - keepMs)
    await exemplars.shrink(limitBytes)
    await evidence.prune(at - keepMs)
    await evidence.mergeSilent(at - silentMs)
    tidiedAt = at
  }
}

/**
 * @param options `mostPages` bounds an SQLite file
 */
export const createStoreWorker = (
  config: WorkerConfig,
  now: () => number,
  options: OpenDatabaseOptions = {},
): StoreWorker => {
  const tidy = createTidy(config, now)
  const living = new Set<string>()
  let tables: Promise<Tables> | null = null
  let last: Promise<unknown> = Promise.resolve()

  const perform = async (call: StoreCall): Promise<unknown> => {
    tables ??= connect(config, options)
    const open = await tables
    if (call.is === 'evidence') return open.evidence.read(call.route)
    if (call.is === 'find') return open.exemplars.find(call.query)
    if (call.is === 'get') return open.exemplars.get(call.id, call.route)
    for (const { instance } of call.batch.evidence) living.add(instance)
    const refused = await againAfterDeadlock(() => write(open, call, now()))
    await againAfterDeadlock(() => tidy(open, living))
    return refused
  }
  const letGo = async (): Promise<void> => {
    const open = tables
    tables = null
    await open?.then(({ database }) => database.close()).catch(() => {})
  }
  // A connection that failed may never commit again.
  const guarded = async (call: StoreCall): Promise<unknown> => {
    try {
      return await perform(call)
    } catch (error) {
      await letGo()
      throw error
    }
  }
  return {
    handle(call) {
      const done = last.then(() => guarded(call))
      last = done.catch(() => {})
      return done
    },
    async close() {
      await last
      await letGo()
    },
  }
}

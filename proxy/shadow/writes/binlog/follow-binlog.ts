/** Keeps one stream of a binary log open: from where it ended, or from now on where that is gone. */
import { setTimeout as pass } from 'node:timers/promises'
import type { MysqlAddress } from '../mysql-link.ts'
import type { BinlogState } from './binlog-messages.ts'
import { type BinlogServer, openBinlogServer } from './binlog-server.ts'
import { type BinlogStream, openBinlogStream } from './binlog-stream.ts'
import { createEnding } from './ending.ts'
import { comparePositions, type LogPosition } from './log-position.ts'
import { createTransactions, type Transactions, type TransactionsOptions } from './transactions.ts'

export interface FollowOptions {
  readonly address: MysqlAddress
  readonly onWrites: TransactionsOptions['onWrites']
  readonly onUntagged: TransactionsOptions['onUntagged']
  readonly onState: (state: BinlogState) => void
  /** The log was read up to here. */
  readonly onAdvance: () => void
  /** What was committed before now may not have been read. */
  readonly onGap: () => void
  /** Of one transaction. */
  readonly limitBytes: number
  /** How long to wait after so many failures in a row, milliseconds; `isRefused`: somebody has to change something. */
  readonly restMs?: (failures: number, isRefused: boolean) => number
}

export interface Following {
  /** Null: nobody reads now. */
  server(): BinlogServer | null
  position(): LogPosition | null
  /** It should have been read up to here by now. */
  expect(end: LogPosition): void
  close(): void
}

interface Open {
  readonly server: BinlogServer
  readonly transactions: Transactions
  readonly stream: BinlogStream
  /** Rejects once it is over. */
  readonly ended: Promise<never>
}

/** Hears of one log while it is open. */
interface Reader {
  /** When it was opened, it ended here. */
  begin(end: LogPosition): void
  /** Its server lets it be read, and it was up to here. */
  read(at: LogPosition): void
}

class UnfitError extends Error {}

const usualRestMs = (failures: number, isRefused: boolean): number =>
  isRefused ? 300_000 : Math.min(30_000, 500 * 2 ** failures)

/** No such account, no access to the database, no privilege. */
const refusals: ReadonlySet<unknown> = new Set([1044, 1045, 1227, 1698])

const isRefused = (error: unknown): boolean =>
  error instanceof UnfitError || refusals.has((error as { errno?: unknown } | null)?.errno)

/** What is looked for is not there any more: MySQL, ER_MASTER_FATAL_ERROR_READING_BINLOG. */
const isGone = (error: unknown): boolean => (error as { errno?: unknown } | null)?.errno === 1236

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Rejects where it cannot be opened. */
const openLog = async (
  options: FollowOptions,
  server: BinlogServer,
  resumeAt: LogPosition | null,
  reader: Reader,
): Promise<Open> => {
  const why = await server.whyNot()
  if (why !== null) throw new UnfitError(why)
  const { address, onWrites, onUntagged, limitBytes } = options
  const end = await server.end()
  const from = resumeAt ?? end
  reader.begin(end)
  if (resumeAt === null) options.onGap()
  const transactions = createTransactions({
    ...{ from, onWrites, onUntagged, limitBytes },
    onSchema: server.forgetFacts,
  })
  const { ended, fail } = createEnding()
  const onEvent = (bytes: Buffer): void => {
    try {
      transactions.take(bytes)
      reader.read(transactions.position())
    } catch (error) {
      fail(new UnfitError(`an event of it cannot be read: ${messageOf(error)}`))
    }
  }
  const stream = await openBinlogStream({ address, from, onEvent, onEnd: fail })
  return { server, transactions, stream, ended }
}

/** Tells whether what was written is all read, each time that it changes. */
const createProgress = (onState: FollowOptions['onState']) => {
  let due: LogPosition | null = null
  /** Null: nobody reads. */
  let isBehind: boolean | null = null
  return {
    expect(end: LogPosition): void {
      due = end
    },
    read(server: string, at: LogPosition): void {
      const is = due !== null && comparePositions(at, due) < 0
      if (is === isBehind) return
      isBehind = is
      onState({ is: 'reading', server, isBehind })
    },
    end(): void {
      isBehind = null
    },
    isReading: (): boolean => isBehind !== null,
  }
}

/** Never rejects, never throws. */
export const followBinlog = (options: FollowOptions): Following => {
  const { onState, onAdvance, restMs = usualRestMs } = options
  const over = new AbortController()
  const progress = createProgress(onState)
  let open: Open | null = null
  let resumeAt: LogPosition | null = null
  let failures = 0
  let wasRefused = false

  const letGo = (): void => {
    if (open === null) return
    resumeAt = open.transactions.resumeAt()
    open.stream.close()
    open.server.close()
    open = null
    progress.end()
  }
  const readOnce = async (): Promise<void> => {
    const server = await openBinlogServer(options.address)
    const read = (at: LogPosition): void => {
      progress.read(server.name, at)
      failures = 0
      onAdvance()
    }
    try {
      open = await openLog(options, server, resumeAt, { begin: progress.expect, read })
      if (!over.signal.aborted) await open.ended
    } finally {
      server.close()
      letGo()
    }
  }
  const follow = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await readOnce().catch((error: unknown) => {
        wasRefused = isRefused(error)
        if (isGone(error) || error instanceof UnfitError) resumeAt = null
        if (!over.signal.aborted) onState({ is: 'off', why: messageOf(error) })
      })
      failures += 1
      await pass(restMs(failures, wasRefused), null, { signal: over.signal }).catch(() => {})
    }
  }
  void follow()
  return {
    server: () => (progress.isReading() ? (open?.server ?? null) : null),
    position: () => open?.transactions.position() ?? null,
    expect(end) {
      progress.expect(end)
      if (open !== null) progress.read(open.server.name, open.transactions.position())
    },
    close() {
      over.abort()
      letGo()
    },
  }
}

/** Finds what legacy wrote for a request in its binary log, and compares it with what modern would have. */

import { compareWriteSets, type LegacyWrites } from '../compare-write-sets.ts'
import { moment } from '../moment.ts'
import type { MysqlAddress } from '../mysql-link.ts'
import type { Intended } from '../report.ts'
import type { BinlogAsk, BinlogFinding, BinlogState } from './binlog-messages.ts'
import type { BinlogServer } from './binlog-server.ts'
import { decodeWrites } from './decode-writes.ts'
import { type Following, type FollowOptions, followBinlog } from './follow-binlog.ts'
import { comparePositions, isAfter, type LogPosition, type LogStart } from './log-position.ts'
import { createLoggedRequests, type LoggedRequest } from './logged-requests.ts'
import { createWhyStale, type WhyStale } from './why-stale.ts'

export interface FindWritesOptions {
  readonly address: MysqlAddress
  /** Where cages are; null or absent: nowhere. */
  readonly twin?: MysqlAddress | null
  readonly onState: (state: BinlogState) => void
  /** How long a question waits until the log is read up to where it was when it was asked. */
  readonly patienceMs?: number
  readonly restMs?: (failures: number) => number
  readonly follow?: (options: FollowOptions) => Following
}

export interface FindWrites {
  /** Never rejects. */
  find(ask: BinlogAsk): Promise<BinlogFinding>
  /** Requests whose rows were forgotten before anybody asked, for want of room. */
  dropped(): number
  /** Up to where the log is read; null: nobody reads it. */
  position(): LogPosition | null
  close(): void
}

const limitBytes = 32 * 1_048_576
const transactionBytes = 4 * 1_048_576
const keepMs = 60_000
const usualPatienceMs = 4_000

const unread = (why: string, isLate: boolean | null = null): BinlogFinding => ({
  is: 'unread',
  isLate,
  why,
})

/** Null: the server does not say where its snapshots stand. */
const isLate = (
  server: BinlogServer,
  start: LogStart,
  { server: name, snapshot }: Intended,
): boolean | null => (snapshot === null || name !== server.name ? null : isAfter(snapshot, start))

/** Tells of each advance those who wait for a place. */
const createAdvances = (position: () => LogPosition | null, patienceMs: number) => {
  const waiting = new Set<() => void>()
  return {
    tell(): void {
      for (const look of waiting) look()
    },
    /** Resolves with whether it was reached in time. */
    reach: (place: LogPosition): Promise<boolean> =>
      new Promise((resolve) => {
        const done = (isReached: boolean): void => {
          clearTimeout(timer)
          waiting.delete(look)
          resolve(isReached)
        }
        const look = (): void => {
          const at = position()
          if (at !== null && comparePositions(at, place) >= 0) done(true)
        }
        const timer = setTimeout(done, patienceMs, false)
        waiting.add(look)
        look()
      }),
  }
}

interface Judged {
  readonly intended: Intended
  readonly legacy: LegacyWrites
  readonly isLate: boolean | null
}

/** What differs in a cage has to be asked whose doing it is. */
const compared = async (
  { intended, legacy, isLate: late }: Judged,
  whyStale: WhyStale,
): Promise<BinlogFinding> => {
  const differences = compareWriteSets(intended.overlay, legacy)
  const doubt = differences.length === 0 ? null : await whyStale(intended, legacy.overlay)
  return { is: 'found', isLate: late, differences, doubt }
}

const judged = async (
  server: BinlogServer,
  { start, rows, unread: why }: LoggedRequest,
  intended: Intended,
  whyStale: WhyStale,
): Promise<BinlogFinding> => {
  const late = isLate(server, start, intended)
  if (why !== null) return unread(why, late)
  try {
    const legacy = await decodeWrites(rows, server.termsIn(intended.zone))
    return await compared({ intended, legacy, isLate: late }, whyStale)
  } catch (error) {
    return unread(error instanceof Error ? error.message : String(error), late)
  }
}

const nothing: LegacyWrites = { overlay: new Map(), unknown: new Map() }

/** Starts to read at once, and goes on until it is closed. */
export const createFindWrites = (options: FindWritesOptions): FindWrites => {
  const { address, twin = null, onState, restMs } = options
  const { patienceMs = usualPatienceMs, follow = followBinlog } = options
  const stale = createWhyStale({ address, twin })
  const requests = createLoggedRequests({ limitBytes, keepMs, now: moment })
  let readSince = Number.POSITIVE_INFINITY
  let untaggedAt = Number.NEGATIVE_INFINITY
  const following = follow({
    ...{ address, onState, limitBytes: transactionBytes, onWrites: requests.add },
    ...(restMs === undefined ? {} : { restMs }),
    onUntagged() {
      untaggedAt = moment()
    },
    onAdvance: () => advances.tell(),
    onGap() {
      requests.clear()
      readSince = moment()
    },
  })
  const advances = createAdvances(following.position, patienceMs)
  const isReadUpToNow = async (server: BinlogServer): Promise<boolean> => {
    const end = await server.end()
    if (await advances.reach(end)) return true
    // Another log that was opened meanwhile may never come to a place of this one.
    if (following.server() === server) following.expect(end)
    return false
  }
  const whyNotAll = (since: number): string | null => {
    if (since < readSince) return 'the log was not read without a gap'
    return requests.knowsSince(since) ? null : 'it was asked for too late'
  }

  const find = async ({ request, since, intended }: BinlogAsk): Promise<BinlogFinding> => {
    const server = following.server()
    if (server === null) return unread('nobody reads the binary log now')
    if (since < readSince) return unread('the log was not read from before the request on')
    if (!(await isReadUpToNow(server)))
      return unread('the log is read too slowly, or comes too late')
    const found = requests.take(request)
    const why = whyNotAll(since)
    if (why !== null) return unread(why)
    if (found !== null) return judged(server, found, intended, stale.why)
    // All that was written meanwhile says for which request: this one wrote nothing.
    if (untaggedAt >= since) return { is: 'unnamed' }
    return compared({ intended, legacy: nothing, isLate: false }, stale.why)
  }
  return {
    find: (ask) =>
      find(ask).catch((error: unknown) =>
        unread(error instanceof Error ? error.message : String(error)),
      ),
    dropped: requests.dropped,
    position: following.position,
    close() {
      following.close()
      stale.close()
    },
  }
}

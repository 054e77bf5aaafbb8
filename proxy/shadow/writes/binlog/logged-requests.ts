/** What legacy wrote, by the requests that it wrote it for: kept for a while, and within a limit. */
import type { LogStart } from './log-position.ts'
import type { LoggedRows, LoggedWrites } from './transactions.ts'

export interface LoggedRequest {
  /** Of its first transaction. */
  readonly start: LogStart
  readonly rows: readonly LoggedRows[]
  /** Why that may not be all of it; null: it is. */
  readonly unread: string | null
}

export interface LoggedRequests {
  add(writes: LoggedWrites): void
  /** Gives it and forgets it. */
  take(request: string): LoggedRequest | null
  bytes(): number
  /** How many were forgotten before anybody asked, for want of room. */
  dropped(): number
  /** Whether of everything that came after then something is known still. */
  knowsSince(at: number): boolean
  clear(): void
}

export interface LoggedRequestsOptions {
  readonly limitBytes: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Nobody asks later than that. */
  readonly keepMs: number
}

interface Kept {
  readonly start: LogStart
  /** Grows with each transaction. */
  readonly rows: LoggedRows[]
  readonly unread: string | null
  readonly at: number
  readonly bytes: number
}

/** What each costs besides its rows. */
const overheadBytes = 500

const bytesOf = (rows: readonly LoggedRows[]): number =>
  rows.reduce((sum, { body }) => sum + body.length + overheadBytes, 0)

const noRoom = 'there was no room to keep it'
const tooMany = 'it changes more rows than are kept'
const mostEvents = 5_000

/** What is known of a request with one more transaction of it. */
const joined = (before: Kept | null, { start, rows, unread }: LoggedWrites, at: number): Kept => {
  const kept: Kept = before ?? { at, start, rows: [], unread, bytes: overheadBytes }
  const rest = { start: kept.start, at }
  if (kept.rows.length + rows.length > mostEvents)
    return { ...rest, rows: [], unread: kept.unread ?? tooMany, bytes: overheadBytes }
  if (kept.unread === tooMany || kept.unread === noRoom) return { ...kept, at }
  kept.rows.push(...rows)
  return { ...kept, at, unread: kept.unread ?? unread, bytes: kept.bytes + bytesOf(rows) }
}

export const createLoggedRequests = ({
  limitBytes,
  now,
  keepMs,
}: LoggedRequestsOptions): LoggedRequests => {
  const kept = new Map<string, Kept>()
  let bytes = 0
  let dropped = 0
  let forgottenAt = Number.NEGATIVE_INFINITY

  const put = (request: string, entry: Kept): void => {
    kept.set(request, entry)
    bytes += entry.bytes
  }
  const remove = (request: string): Kept | null => {
    const entry = kept.get(request) ?? null
    kept.delete(request)
    bytes -= entry?.bytes ?? 0
    return entry
  }
  const forget = (request: string, { at }: Kept): void => {
    remove(request)
    forgottenAt = Math.max(forgottenAt, at)
  }
  const forgetOld = (): void => {
    for (const [request, entry] of kept) {
      if (now() - entry.at <= keepMs) return
      forget(request, entry)
    }
  }
  /** That there was something stays known, or the rest of it would be taken for all. */
  const empty = (request: string, entry: Kept): void => {
    if (bytes <= limitBytes || entry.rows.length === 0) return
    remove(request)
    dropped += 1
    put(request, { ...entry, rows: [], unread: noRoom, bytes: overheadBytes })
  }
  const makeRoom = (): void => {
    for (const [request, entry] of kept) empty(request, entry)
    for (const [request, entry] of kept) if (bytes > limitBytes) forget(request, entry)
  }
  return {
    add(writes) {
      forgetOld()
      put(writes.request, joined(remove(writes.request), writes, now()))
      makeRoom()
    },
    take: remove,
    bytes: () => bytes,
    dropped: () => dropped,
    knowsSince: (at) => at > forgottenAt,
    clear() {
      kept.clear()
      bytes = 0
    },
  }
}

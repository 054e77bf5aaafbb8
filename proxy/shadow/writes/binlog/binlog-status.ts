/** How the reader of a binary log is, for whoever asks. */
import type { BinlogState } from './binlog-messages.ts'
import type { LogPosition } from './log-position.ts'

/** Goes into the admin API as it stands. */
export interface BinlogStatus {
  /** Host and port of the server whose log it is. */
  readonly server: string
  readonly state: 'starting' | 'catchingUp' | 'following' | 'failed'
  /** ISO 8601. */
  readonly since: string
  /** Up to where it was read a second ago; null: it never was. */
  readonly position: LogPosition | null
  /** Why nobody reads it; null: somebody does, or is about to. */
  readonly why: string | null
}

export interface BinlogStanding {
  /** Somebody wants it. */
  begin(): void
  hear(state: BinlogState): void
  at(position: LogPosition): void
  /** Nobody wants it any more. */
  end(): void
  /** Null: nobody wants it. */
  status(): BinlogStatus | null
  /** Null: nobody wants it. */
  isReading(): boolean | null
}

const stateOf = (told: BinlogState): BinlogStatus['state'] => {
  if (told.is === 'off') return 'failed'
  return told.isBehind ? 'catchingUp' : 'following'
}

/** @param wallNow Unix milliseconds */
export const createBinlogStanding = (server: string, wallNow: () => number): BinlogStanding => {
  let status: BinlogStatus | null = null
  const put = (state: BinlogStatus['state'], why: string | null): void => {
    const since = status?.state === state ? status.since : new Date(wallNow()).toISOString()
    status = { server, state, since, position: status?.position ?? null, why }
  }
  return {
    begin() {
      if (status === null) put('starting', null)
    },
    hear: (told) => put(stateOf(told), told.is === 'off' ? told.why : null),
    at(position) {
      if (status !== null) status = { ...status, position }
    },
    end() {
      status = null
    },
    status: () => status,
    isReading: () => status && (status.state === 'following' || status.state === 'catchingUp'),
  }
}

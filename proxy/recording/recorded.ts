/**
 * What a recording holds: docs/reference/recordings.md describes each member. Plain data, redacted
 * before it is queued anywhere.
 */
import type { NoisyPlace } from '../compare/noise.ts'
import type { Outcome } from '../compare/outcome.ts'
import type { DiscordantPlace, FoundPlace } from '../shadow/finding.ts'
import type { WriteDifference } from '../shadow/writes/report.ts'
import type { Target } from '../stage.ts'
import type { Observation, RawHeaders } from '../targets/send.ts'

/** Of the form of the lines. A reader refuses a greater one. */
export const recordingVersion = 1

/** The first line. */
export interface RecordingHead {
  readonly recording: number
  /** Unix milliseconds. */
  readonly at: number
  /** The config revision in force when it began. */
  readonly revision: string
  /** Names the key of the tokens: what was recorded with one key has equal tokens. */
  readonly key: string
  /** Ids of the routes that are recorded; empty: all of them. */
  readonly routes: readonly string[]
}

/** What the shadow of a sampled request did, and what was told of it. */
export interface RecordedComparison {
  readonly epoch: string
  /** As it was compared: after a fallback it is not whose answer the client got. */
  readonly primary: Target
  /** Null: it was not asked. */
  readonly shadow: Observation | null
  /** Null: not repeated. */
  readonly legacyAgain: Observation | null
  readonly modernAgain: Observation | null
  /** What legacy was known to show against itself then. */
  readonly noise: readonly NoisyPlace[]
  /** Where what modern would have written is not what legacy wrote. */
  readonly writes: readonly WriteDifference[]
  /** Whether the request was chosen for A/A beforehand. */
  readonly isChosen: boolean
  readonly outcome: Outcome
  readonly reason: string | null
  readonly confirmed: boolean
  /** What was found where, and what became of it; absent: not recorded. */
  readonly places?: readonly FoundPlace[]
  readonly discordant?: readonly DiscordantPlace[] | null
  /** Names the rules that judged it (`nameRules`); null: nothing was compared; absent: not recorded. */
  readonly rules?: string | null
  /** Patterns of the places of both answers and of the writes that were redacted; absent: not recorded. */
  readonly redacted?: readonly string[]
}

/** One exchange of a client: one line. */
export interface Recorded {
  readonly id: string
  readonly route: string
  /** Unix milliseconds at which the request came. */
  readonly at: number
  readonly revision: string
  readonly request: {
    readonly method: string
    readonly scheme: 'http' | 'https'
    readonly url: string
    readonly headers: RawHeaders
    /** Null: there was none, or `lostBytes` says how much of it was not kept. */
    readonly body: Uint8Array | null
    /** Bytes of a body that was too long to be kept; null: all of it is here. */
    readonly lostBytes: number | null
  }
  /** What of the request stands for something else: `url`, `body`, `header:cookie`. */
  readonly redacted: readonly string[]
  /** What the client got. */
  readonly answer: Observation
  /** Null: the request was not sampled. */
  readonly compared: RecordedComparison | null
}

/** One that is not redacted yet. */
export interface Draft extends Omit<Recorded, 'redacted' | 'compared'> {
  readonly compared: Omit<RecordedComparison, 'redacted'> | null
}

/** Why exchanges are not in a recording although they were meant. */
export type RecordingDrop = 'memory' | 'slow_reader' | 'failed'

export interface RecordingCounts {
  readonly recorded: number
  readonly bytes: number
  readonly dropped: Readonly<Record<RecordingDrop, number>>
}

/** Sent each second, for whoever waits; never in a file. */
export interface RecordingProgress {
  readonly progress: RecordingCounts & { readonly leftMs: number }
}

/** Why a recording is over. */
export type RecordingEnding = 'time' | 'count' | 'bytes' | 'stopped' | 'reader_gone' | 'shutdown'

/** The last line; where it is missing, the recording broke off. */
export interface RecordingEnd {
  readonly end: RecordingCounts & { readonly why: RecordingEnding; readonly at: number }
}

export type RecordingLine = RecordingHead | Recorded | RecordingProgress | RecordingEnd

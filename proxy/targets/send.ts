/**
 * The one contract of the engine. Every target, every policy round a target and every replay is a
 * `Send`; types that travel through it live here. Bodies are pushed into a `Sink`, so that no
 * stream object is built where nobody asks for one.
 */
import type { ErrorCode } from '../errors.ts'
import type { Target } from '../stage.ts'

/** Header lines as on the wire: name, value, name, value. Case, order, duplicates, latin1 kept. */
export type RawHeaders = readonly string[]

/** Where a body goes: client, upstream socket, capture, nowhere. */
export interface Sink {
  /** Returns false to ask for a pause until `Flow.resume`. A capture drops; it never pauses. */
  write(chunk: Uint8Array): boolean
  end(trailers: RawHeaders): void
  /** The body broke: what came is not all. Nothing follows. */
  fail(failure: Failure): void
}

/** The handle of a body in motion. After `cancel` the sink hears nothing more. */
export interface Flow {
  resume(): void
  cancel(): void
}

/** A body, of a request or of an answer. */
export interface Body {
  /** Bytes, where the framing tells; null when only the end will. */
  readonly length: number | null
  /** All of it, when all of it is already here. Such a body may flow again. */
  readonly whole: Uint8Array | null
  /** Whether a flow has begun. The first flow of an upload sends `100 Continue`. */
  readonly opened: boolean
  /** Starts pushing. Throws a TypeError on the second flow of a body that is not `whole`. */
  flow(to: Sink): Flow
}

export interface Peer {
  /** Address of the client: of the socket, or what a trusted proxy says of it. */
  readonly address: string
  readonly scheme: 'http' | 'https'
  /** The Host the client asked for, as received. */
  readonly host: string
  /** Whether the socket's own address is one of `listen.trustedProxies`. */
  readonly trusted: boolean
  /** The socket's own address, where it is a trusted proxy's and so not the client's. */
  readonly proxyAddress?: string
}

export interface InboundRequest {
  readonly id: string
  readonly method: string
  readonly version: '1.0' | '1.1' | '2'
  /** The request target as received, bytes kept: this is what is forwarded. */
  readonly url: string
  /** Canonical path, percent-decoded once, no query: this is what is matched, never sent. */
  readonly path: string
  readonly headers: RawHeaders
  readonly peer: Peer
  readonly body: Body | null
  /** Monotonic milliseconds (performance.now) at which the head was read. */
  readonly receivedMs: number
  /** Set when `receive` already knows that this request may go nowhere; no target hears of it. */
  readonly refusal: Failure | null
}

/** Why there is no answer, or only half of one. */
export interface Failure {
  readonly code: ErrorCode
  readonly party: 'client' | 'banyan' | Target
  /** `none` is the proof that nothing was done, which a fallback or a retry of a write needs. */
  readonly effect: 'none' | 'unknown'
  /** One sentence for the client: no addresses, no paths. */
  readonly detail: string
  readonly cause: unknown
}

export interface TargetResponse {
  /** `banyan`: a problem answer from the error table. */
  readonly from: Target | 'banyan'
  readonly status: number
  /** Reason phrase as on the wire; may be empty. */
  readonly reason: string
  readonly headers: RawHeaders
  readonly body: Body
  /** Why Banyan answers itself; null for every answer of a target. */
  readonly failure: Failure | null
  /** The failed attempt that this answer replaces: a fallback hides nothing. */
  readonly instead: Observation | null
  /** Milliseconds that the target itself took to this head; set by whoever measured it. */
  readonly targetMs?: number | undefined
}

/** What a sender may hear while it waits. */
export interface Outlook {
  /** An interim answer (1xx) before the head, any number of times. A shadow's does nothing. */
  early(status: number, headers: RawHeaders): void
  /**
   * Registers what to do when the exchange must stop (client gone, deadline, kill). One slot: the
   * last one holds. Called at once if it has already happened.
   */
  onAbort(stop: (why: Failure) => void): void
}

/** Settles at the head. Rejects, always with a Failure, only when no head came. */
export type Send = (request: InboundRequest, outlook: Outlook) => Promise<TargetResponse>

/** What one target did with one request. Frozen. Failed attempts and gone clients are some too. */
export interface Observation {
  readonly from: Target | 'banyan'
  readonly status: number | null
  readonly headers: RawHeaders
  readonly trailers: RawHeaders
  readonly body: {
    /** What was captured; null when capture was off or over its limit. */
    readonly bytes: Uint8Array | null
    readonly length: number
    readonly complete: boolean
  }
  /** Milliseconds from `receivedMs` to the head; null when none came. */
  readonly headMs: number | null
  readonly totalMs: number
  /** As in the answer that was observed. */
  readonly targetMs?: number | undefined
  readonly failure: Failure | null
  readonly instead: Observation | null
}

/** The client's side of an exchange. Nothing else writes to a client's socket. */
export interface Client extends Outlook, Sink {
  head(answer: TargetResponse): void
  /** Registers what to call when the client can take more. One slot. */
  onDrain(resume: () => void): void
  /** Registers what to call once the client has it all (null) or never will. Called once. */
  onDone(done: (failure: Failure | null) => void): void
}

/** One lane: a thread or a process in which the handlers serve one request at a time. */
import type { Failure, InboundRequest, Outlook, TargetResponse } from '../send.ts'
import type { Preparing } from './lane-messages.ts'
import type { LaneLimit } from './lane-supervisor.ts'

/**
 * Why a lane serves no more: its request took too long, its memory ran out, its code ended it, threw
 * outside of a request, crashed its process or could not be loaded, it left too much behind, it was
 * closed.
 */
export type LaneCause =
  | 'timeout'
  | 'memory'
  | 'exit'
  | 'error'
  | 'crash'
  | 'load'
  | 'leftovers'
  | 'closed'

/** One request that a lane is given. */
export interface LaneJob {
  readonly request: InboundRequest
  readonly outlook: Outlook
  readonly limit: LaneLimit
  /** What its driver is to prepare first; absent: it is held, and prepared, or need not be. */
  readonly prepare?: Preparing | undefined
  /**
   * Hears once what the handler did to its database; or what `prepare` came to, where no request may be
   * served; null: the lane ended first, or has no driver.
   */
  readonly onReport?: ((report: unknown) => void) | undefined
  readonly resolve: (answer: TargetResponse) => void
  readonly reject: (why: Failure) => void
}

export interface Lane {
  /** `busy` until the handler is at rest, which may be after its answer. `held`: for one request. */
  state(): 'starting' | 'free' | 'held' | 'busy' | 'ended'
  /** Requests that it has brought to an end. */
  served(): number
  /**
   * Keeps it for one request, and prepares its driver; only while it is free. Resolves with what the
   * driver says; null: the lane has ended.
   */
  hold(terms: unknown): Promise<unknown>
  /** Gives it back: no request comes. */
  release(): void
  /** Serves one request; only while it is free or held. */
  begin(job: LaneJob): void
  /** Asks how much it holds outside its heap; the listener hears the answer. */
  ping(): void
  /** Whether it owes the answer to a ping. */
  isSilent(): boolean
  /** Ends it; what is in it fails. */
  end(cause: LaneCause): void
  /** Lets the handlers close; resolves once it is gone. */
  close(): Promise<void>
}

export interface LaneListener {
  /** Its handlers are loaded. */
  ready(): void
  /** It takes requests, for the first time or again. */
  free(): void
  /** It serves no more. `problem`: why its handlers could not be loaded, for the operator. */
  ended(cause: LaneCause, problem: string | null): void
  /** It is gone: another one may take its place. */
  gone(): void
  /** So many bytes lie outside its heap. */
  held(bytes: number): void
}

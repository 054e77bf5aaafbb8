/** What crosses between the edge and a lane. Plain data; `of` numbers the exchange. */
import { Buffer } from 'node:buffer'
import type { Head } from '../answer.ts'
import { failure } from '../failure.ts'
import type { Failure, InboundRequest, RawHeaders } from '../send.ts'

/** What a lane is told when it starts. */
export interface LaneTask {
  readonly module: string
  readonly databaseUrl: string | null
  readonly timeoutMs: number
  readonly role: 'primary' | 'shadow'
  /** What stands between the handlers and their database; null: nothing does. */
  readonly database: LaneDatabase | null
  /** A directory that the lane may make, for itself; it is gone once the lane is. */
  readonly scratch: string
}

/**
 * What stands between the handlers and their database, made inside the lane: `module` is the URL of a
 * file that exports `createLaneDatabase(options, { module, databaseUrl, scratch })`, whose result is a
 * `LaneDriver` or a promise of one.
 */
export interface LaneDatabase {
  readonly module: string
  /** Plain data. */
  readonly options: unknown
}

/** Inside a lane: prepared before each request, and ended once its handler is at rest. */
export interface LaneDriver {
  /** What the handlers get as `io.database`, besides what they get anyway. */
  readonly database: { readonly url?: string; readonly dialectModule?: object }
  /**
   * Takes what the request is to see of the database. Its result is plain data; with a `problem` that
   * is not null no request is served. Never rejects.
   */
  prepare(terms: unknown): Promise<unknown>
  /** The request is given to the handlers: what they did until now is no doing of it. */
  begin?(): void
  /**
   * Lets go of all that. Its result, plain data, tells what the handler did. Never rejects.
   *
   * @param isServed false: no request came
   */
  end(isServed?: boolean): Promise<unknown>
  /** What it has kept the handlers from outside of requests, for people; null or absent: nothing. */
  refusals?(): string | null
}

/** A failure without what cannot cross: its cause is text. */
export interface CarriedFailure extends Omit<Failure, 'cause'> {
  readonly cause: string | null
}

/** A request without its body, which follows when the lane asks for it. */
export interface CarriedRequest extends Omit<InboundRequest, 'body'> {
  readonly body: { readonly length: number | null; readonly whole: Uint8Array | null } | null
}

/** One direction of a body: its pieces, and how the other side answers them. */
export type BodyMessage =
  | { readonly is: 'chunk'; readonly of: number; readonly bytes: Uint8Array }
  | { readonly is: 'end'; readonly of: number; readonly trailers: RawHeaders }
  | { readonly is: 'broken'; readonly of: number; readonly why: CarriedFailure }

/** What a driver is to prepare for. */
export interface Preparing {
  /** Plain data. */
  readonly terms: unknown
}

export type ToLane =
  | BodyMessage
  | {
      readonly is: 'request'
      readonly of: number
      readonly request: CarriedRequest
      /** What the driver is told first, as by `prepare`; absent: it is prepared, or need not be. */
      readonly prepare?: Preparing
    }
  /** So many bytes of the answer have found a place. */
  | { readonly is: 'taken'; readonly of: number; readonly bytes: number }
  /** A request will come, or `release`: what it is to see of the database is taken now. */
  | { readonly is: 'prepare'; readonly of: number; readonly terms: unknown }
  | { readonly is: 'release'; readonly of: number }
  /** Nobody wants the answer, or the rest of it. */
  | { readonly is: 'stop'; readonly of: number; readonly why: CarriedFailure }
  | { readonly is: 'ping' }
  | { readonly is: 'close' }
  /** Ends at once, between two turns. */
  | { readonly is: 'exit' }

export type FromLane =
  | BodyMessage
  | { readonly is: 'ready' }
  | { readonly is: 'unusable'; readonly problem: string }
  | {
      readonly is: 'early'
      readonly of: number
      readonly status: number
      readonly headers: RawHeaders
    }
  | {
      readonly is: 'head'
      readonly of: number
      readonly head: Head
      /** All of the body where it is here and small; nothing follows then. */
      readonly whole: Uint8Array | null
      readonly trailers: RawHeaders
    }
  /** There will be no head. */
  | { readonly is: 'failed'; readonly of: number; readonly why: CarriedFailure }
  /** The handler begins to read the upload. */
  | { readonly is: 'open'; readonly of: number }
  /** So many bytes of the upload have found a place. */
  | { readonly is: 'taken'; readonly of: number; readonly bytes: number }
  /** Nobody reads the rest of the upload. */
  | { readonly is: 'unwanted'; readonly of: number }
  /** Where the result says that no request may be served, `idle` is all that follows. */
  | { readonly is: 'prepared'; readonly of: number; readonly result: unknown }
  /** The handler is done with it. */
  | {
      readonly is: 'idle'
      readonly of: number
      /** What it did to its database; null: no request was served, or nobody knows. */
      readonly report: unknown
      /** It has left too much behind for another one. */
      readonly isDirty: boolean
    }
  /** The answer to `ping`; `heldBytes` lie outside the heap. */
  | { readonly is: 'pong'; readonly heldBytes: number }
  /** A line that its code printed; null: it prints too much, and the rest is dropped. */
  | {
      readonly is: 'printed'
      readonly stream: 'stdout' | 'stderr'
      readonly line: string | null
    }
  | { readonly is: 'said'; readonly event: string; readonly error: CarriedError }

/** Whether what a driver prepared says that no request may be served. */
export const isUnfit = (prepared: unknown): boolean =>
  (prepared as { problem?: unknown } | null)?.problem != null

/** What to do with each kind of message; the others are not heard. */
export type Heard<Message extends { readonly is: string }> = {
  readonly [Kind in Message['is']]?: (message: Extract<Message, { readonly is: Kind }>) => void
}

/** Hears messages by a table. */
export const hearBy =
  <Message extends { readonly is: string }>(heard: Heard<Message>) =>
  (message: Message): void =>
    (heard[message.is as Message['is']] as ((given: Message) => void) | undefined)?.(message)

export interface CarriedError {
  readonly name: string
  readonly message: string
  readonly stack: string
}

/** Posts one message, and hands over the memory of its bytes. */
export type Post<Message> = (message: Message, bytes?: Uint8Array) => void

const longest = 8_192

/** Whatever was thrown, as text: reading a thrown value may throw in turn. */
export const carryError = (error: unknown): CarriedError => {
  try {
    const { name, message, stack } =
      error instanceof Error ? error : { name: 'Thrown', message: String(error), stack: '' }
    const cut = (text: unknown): string => String(text ?? '').slice(0, longest)
    return { name: cut(name), message: cut(message), stack: cut(stack) }
  } catch {
    return { name: 'Thrown', message: 'a value that cannot be read', stack: '' }
  }
}

export const reviveError = ({ name, message, stack }: CarriedError): Error =>
  Object.assign(new Error(message), { name, stack })

export const carryFailure = ({ code, party, effect, detail, cause }: Failure): CarriedFailure => {
  if (cause === null || cause === undefined) return { code, party, effect, detail, cause: null }
  const { name, message } = carryError(cause)
  return { code, party, effect, detail, cause: `${name}: ${message}` }
}

export const reviveFailure = ({ code, party, effect, detail, cause }: CarriedFailure): Failure =>
  failure(code, party, effect, { detail, cause })

/** Bytes that have come, as a Buffer. */
export const viewOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length)

/**
 * Bytes that can be handed over. Their maker may keep the memory for something else (a pool, an
 * answer that is given again), so it is a copy.
 */
export const ownBytes = (bytes: Uint8Array): Uint8Array => {
  const own = new Uint8Array(bytes.length)
  own.set(bytes)
  return own
}

/** What a process of a lane is told first. */
export interface LaneChild {
  readonly task: LaneTask
  /** The id of the process that it serves. */
  readonly parent: number
  /** Resident memory that it may take. */
  readonly mostBytes: number
}

/** What a process of a lane says besides: it is about to end by what its code threw. */
export type FromChild = FromLane | { readonly is: 'threw'; readonly error: CarriedError }

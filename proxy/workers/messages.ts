/** What the primary process and its workers tell each other. */
import type { Pieces } from '../config/serialized.ts'
import type { Kill } from '../cutover/kill.ts'
import type { LogLevel } from '../telemetry/log.ts'

/** Where a worker answers. */
export interface WorkerPlace {
  readonly url: string
  readonly adminUrl: string
  /** Build of its handlers; null: it has none. */
  readonly handlersBuild: string | null
}

/** How the lines of a log look. */
export interface LogForm {
  readonly level: LogLevel
  readonly pretty: boolean
  readonly color: boolean
}

export type ToWorker =
  /** Once, as the answer to `here`. */
  | {
      readonly kind: 'begin'
      readonly pieces: Pieces
      readonly kills: readonly Kill[]
      readonly log: LogForm
      /** It takes the place of one that has handlers. */
      readonly needsHandlers: boolean
    }
  | { readonly kind: 'config'; readonly pieces: Pieces }
  | { readonly kind: 'kills'; readonly kills: readonly Kill[] }
  | { readonly kind: 'lookAtCertificates' }
  /** The second one means at once. */
  | { readonly kind: 'drain' }

export type ToPrimary =
  /** The worker hears from now on. */
  | { readonly kind: 'here' }
  | { readonly kind: 'ready'; readonly place: WorkerPlace }
  /** It cannot serve, and ends. */
  | { readonly kind: 'failed'; readonly message: string; readonly isOfSystem: boolean }
  /** The answer to `config`; null: it is in force. */
  | { readonly kind: 'taken'; readonly problem: string | null }
  /** A fault that nobody caught: it drains, and another one is needed. */
  | { readonly kind: 'leaving' }
  /** The last that its metrics say. */
  | { readonly kind: 'page'; readonly text: string }

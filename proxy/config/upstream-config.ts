/** What the config says of the addresses of an upstream. Units as in `config.ts`. */
import type { CallerSource } from './caller-source.ts'

/** Which addresses of an upstream get traffic, asked by Banyan itself. */
export interface HealthConfig {
  /** Path that answers 2xx while the address is well. */
  readonly path: string
  readonly intervalMs: number
  /** How long the head of an answer may take, its connection included. */
  readonly timeoutMs: number
  /** Answers in a row that change the verdict. */
  readonly unhealthyAfter: number
  readonly healthyAfter: number
}

/** What a request is hashed by: as a caller key is found, or the address of the client. */
export type HashSource = CallerSource | { readonly from: 'address' }

/** How one of several addresses is chosen; `hash`: by the first source that has anything. */
export type Balance =
  | 'roundRobin'
  | 'leastInFlight'
  | 'p2c'
  | { readonly hash: readonly HashSource[] }

/** Where TLS to an upstream is not what it always is. Paths are absolute; PEM. */
export interface UpstreamTls {
  /** Whom to believe; null: whom Node believes. */
  readonly ca: string | null
  /** Who Banyan is, both or neither. */
  readonly cert: string | null
  readonly key: string | null
  /** The name that the certificate must bear; null: the host of the address. */
  readonly serverName: string | null
  readonly verify: boolean
}

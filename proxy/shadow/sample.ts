/** One sampled request: what its shadow is asked, and of which code its outcome will tell. */
import type { Target } from '../stage.ts'
import type { RawHeaders } from '../targets/send.ts'

/** Plain data: it may cross threads. Frozen. */
export interface Sample {
  /** The id of the request. */
  readonly id: string
  readonly route: string
  /** Names the code, rules and upstreams that its outcome is about; another one starts from zero. */
  readonly epoch: string
  /** The config revision that it ran under. */
  readonly revision: string
  readonly primary: Target
  readonly shadow: Target
  /** Unix milliseconds. */
  readonly at: number
  readonly method: string
  /** Monotonic milliseconds: tells apart what clients gave one id. */
  readonly receivedMs: number
  /** The request target as received. */
  readonly url: string
  readonly headers: RawHeaders
  /** All of the upload; null: there was none, or more of it than `shadow.bodyLimit`. */
  readonly body: Uint8Array | null
  /** Names the class of requests that look like this one: few per route. Not secret. */
  readonly shape: string
  /** Whether it carries a session of legacy. */
  readonly hasSession: boolean
  /** Names this very request: method, route, query and body, hashed. Repeats share it. */
  readonly fingerprint: string
}

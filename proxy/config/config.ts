/**
 * What one config file says, once parsed: defaults filled in, references checked, units plain.
 * Durations are milliseconds, sizes bytes, shares basis points (0..10000). Deep-frozen.
 * docs/reference/config.md carries every key (tested).
 */
import type { FallbackCause } from '../errors.ts'
import type { Normaliser } from '../routing/normalise/profiles.ts'
import type { Stage } from '../stage.ts'
import type { CallerSource } from './caller-source.ts'
import type { Comparison, Gate, Rollout, RolloutUse } from './cutover-config.ts'
import type { Isolation } from './isolation.ts'
import type { Redirect, Rewriting } from './rewriting-config.ts'
import type { ShadowConfig, StoreConfig } from './shadow-config.ts'
import type { Balance, HealthConfig, UpstreamTls } from './upstream-config.ts'

/** What a route does to data. Declared, never guessed; without it a route stays at `legacy`. */
export type Effects = 'read' | 'idempotentWrite' | 'write'

export interface Match {
  /** Upper case; empty: every method. GET has already been widened by HEAD. */
  readonly methods: readonly string[]
  /** Literal segments, `:name`, a final `*`; starts with `/`. */
  readonly path: string
  /** Lower case, without port; null: every host. A leading `*.` matches one or more labels. */
  readonly host: string | null
  /** Lower-case names; a value of null asks only for presence. */
  readonly headers: Readonly<Record<string, string | null>>
  readonly query: Readonly<Record<string, string | null>>
}

export interface BreakerConfig {
  readonly windowMs: number
  readonly minimumCalls: number
  /** Share of failed calls from which the breaker opens, basis points. */
  readonly failureRateBp: number
  /** Share of calls slower than `slowCallMs` from which it opens, basis points. */
  readonly slowRateBp: number
  readonly slowCallMs: number
  readonly resetAfterMs: number
  readonly halfOpenCalls: number
}

/** How a route's handler runs: on the edge's own thread, or in a lane. */
export type Run = 'inline' | 'lane'

/** What becomes of a request whose path legacy may take for another route than Banyan does. */
export type AmbiguityPolicy = 'report' | 'strictest' | 'reject'

/** A named entry of the config, defaults and stage applied. */
export interface Route {
  /** `resource.action`; `_unmatched` and `_refused` are Banyan's own. */
  readonly id: string
  readonly match: Match
  readonly stage: Stage
  /** Share of callers that modern answers at `canary`, basis points. */
  readonly weightBp: number
  /** Share of requests that are shadowed, basis points. */
  readonly sampleBp: number
  readonly effects: Effects | null
  /** Salt of the buckets: routes of one cohort split their callers alike. Default: the id. */
  readonly cohort: string
  readonly caller: readonly CallerSource[]
  /** Name of an upstream; null only at `retired`. */
  readonly legacy: string | null
  /** `handlers` or the name of an upstream; null: there is none yet. */
  readonly modern: string | null
  readonly run: Run
  readonly fallbackOn: readonly FallbackCause[]
  readonly breaker: BreakerConfig
  /** Requests that must resolve to this route: `GET /api/articles?limit=5`. */
  readonly examples: readonly string[]
  /** Free words for filters and boards. */
  readonly tags: readonly string[]
  /** What becomes of the writes of a shadow; absent: `off`, so that only reads are shadowed. */
  readonly writes?: 'off' | 'capture' | 'cage'
  /** How its answers are compared; absent: everything counts. */
  readonly compare?: Comparison
  /** Which ladder promotes it; null or absent: `stage` is set by hand. */
  readonly rollout?: RolloutUse | null
  /** Whether a repeat to legacy may carry a session cookie; absent: it may not. */
  readonly repeatable?: boolean
  /** Session cookies of legacy besides those known by name; `*` stands for anything. Absent: none. */
  readonly sessionCookies?: readonly string[]
  /** For requests that this route takes, or that may be meant for it; absent: `report`. */
  readonly onAmbiguousPath?: AmbiguityPolicy
  /** What is changed on the way to its upstreams and back; null or absent: nothing. */
  readonly rewriting?: Rewriting | null
  /** Where clients are sent instead of being served; null or absent: they are served. */
  readonly redirect?: Redirect | null
}

export interface UpstreamConfig {
  readonly name: string
  /** Origins, no path: `http://host:port`, `https://host:port`, `unix:/path`. At least one. */
  readonly urls: readonly string[]
  /** Name in the adapter registry; null: none. */
  readonly adapter: string | null
  /** How it reads paths, all that may apply; absent or empty: as Banyan does. */
  readonly normaliser?: readonly Normaliser[]
  /** What the upstream sees as Host. */
  readonly host: 'preserve' | 'target' | { readonly literal: string }
  readonly pool: {
    readonly connections: number
    readonly maxPending: number
    readonly queueTimeoutMs: number
    readonly keepAliveMs: number
  }
  readonly timeouts: {
    readonly connectMs: number
    readonly firstByteMs: number
    readonly idleMs: number
    readonly totalMs: number
    /** How long a tunnel may carry nothing in either direction; absent: for ever. */
    readonly tunnelIdleMs?: number
  }
  readonly breaker: BreakerConfig
  /** What carries its requests; absent: `own`. `undici` is the way out of a fault of our own. */
  readonly wire?: 'own' | 'undici'
  /** Absent: `roundRobin`. */
  readonly balance?: Balance
  /** Null or absent: no address is probed. */
  readonly health?: HealthConfig | null
  /** How long an address that comes back takes to its full share; absent or 0: no time. */
  readonly slowStartMs?: number
  /** Requests sent once more after a failure; absent: none but over a kept connection that broke. */
  readonly retries?: {
    /** For one request, to other addresses. */
    readonly max: number
    /** Share of the requests, basis points. What was never sent costs nothing of it. */
    readonly budgetBp: number
  }
  /** How often a host name is looked up again; absent: for each connection. */
  readonly dns?: { readonly refreshMs: number }
  /** Null or absent: as TLS always is. */
  readonly tls?: UpstreamTls | null
}

export interface HandlersConfig {
  /** Absolute path of the `.js` file that exports `createApp`; null: no handlers. */
  readonly module: string | null
  readonly timeoutMs: number
  readonly concurrency: number
  /** Requests in lanes at once: handlers of routes whose `run` is `lane`. */
  readonly lanes?: number
  /** What those lanes are. */
  readonly isolation?: Isolation
  /** Requests that may wait for a lane. */
  readonly queue?: number
  readonly queueTimeoutMs?: number
  /** Heap of each lane; as much again may lie outside of it. */
  readonly memoryBytes?: number
  /** Handed to `createApp` as `io.database.url`; null: the module finds its own. */
  readonly databaseUrl: string | null
}

export interface ListenConfig {
  readonly host: string
  readonly port: number
  /** CIDRs whose `X-Forwarded-*`, `X-Request-Id`, `traceparent` and questions are believed. */
  readonly trustedProxies: readonly string[]
  /** Absolute paths. */
  readonly tls: {
    readonly cert: string
    readonly key: string
    /** Certificates for clients that ask for these names; `*.` stands for a first label. */
    readonly sni?: Readonly<Record<string, { readonly cert: string; readonly key: string }>>
  } | null
  /** Whether clients may speak HTTP/2 over TLS; absent: they may. */
  readonly http2?: boolean
  /** Lower-case protocols that become tunnels when an upstream agrees; absent: `websocket`. */
  readonly upgrades?: readonly string[]
  readonly limits: {
    readonly headerBytes: number
    readonly headerCount: number
    readonly headerTimeoutMs: number
    readonly keepAliveMs: number
    /** Connections at once, tunnels included; absent: as many as come. */
    readonly connections?: number
    /** Requests at once; absent: as many as come. */
    readonly inFlight?: number
    /** In each such time of an upload, `bodyRateBytes` must come for each second; absent: nothing must. */
    readonly bodyIdleMs?: number
    readonly bodyRateBytes?: number
    /** How long a client may take nothing of its answer; absent: for ever. */
    readonly writeIdleMs?: number
    /** Connections that changed protocol, at once; absent: as many as come. */
    readonly tunnels?: number
  }
  readonly drain: {
    /** How long to keep serving, with `Connection: close` and readiness 503, before closing. */
    readonly delayMs: number
    /** How long requests in flight may then still take. */
    readonly graceMs: number
  }
}

export interface AddressConfig {
  readonly host: string
  readonly port: number
}

export interface ForceConfig {
  /** Lower-case header name. */
  readonly header: string
  readonly cookie: string
  /** Name of the environment variable that holds the signing key. */
  readonly keyEnv: string
  readonly maxAgeMs: number
  /** CIDRs that may write a bare `legacy` or `modern`. */
  readonly allowUnsignedFrom: readonly string[]
}

export interface LogConfig {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** Share of requests with an access line, basis points; failures always have one. */
  readonly accessBp: number
  /** Whether query strings stand in the log as they are. */
  readonly query: 'redact' | 'keep'
}

/** The process: a reload that changes these is reported as "needs a restart". */
export interface ProcessConfig {
  readonly listen: ListenConfig
  readonly admin: AddressConfig
  readonly probes: AddressConfig | null
  readonly handlers: HandlersConfig
  readonly log: LogConfig
  readonly shadow?: ShadowConfig
  /** Null or absent: nothing is stored. */
  readonly store?: StoreConfig | null
  /** Absolute path of the directory for what must survive a restart (kills, last good config). */
  readonly stateDir: string
}

export interface Config extends ProcessConfig {
  /** First 12 hex digits of the SHA-256 of what follows, keys sorted: comments do not count. */
  readonly revision: string
  readonly upstreams: Readonly<Record<string, UpstreamConfig>>
  readonly force: ForceConfig
  readonly routes: readonly Route[]
  /** Rules under a name, besides the built-in ones. */
  readonly rulesets?: Readonly<Record<string, Comparison>>
  readonly gates?: Readonly<Record<string, Gate>>
  readonly rollouts?: Readonly<Record<string, Rollout>>
}

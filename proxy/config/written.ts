/**
 * What a config file says, before anything is filled in: shapes right, units read, every key
 * optional. Names are those of `Config`, so that defaults and files merge key by key.
 */
import type {
  AddressConfig,
  BreakerConfig,
  ForceConfig,
  HandlersConfig,
  ListenConfig,
  LogConfig,
  Route,
  UpstreamConfig,
} from './config.ts'
import type { Comparison, Gate, Rollout, RolloutUse, Step } from './cutover-config.ts'
import type { WrittenRewriting } from './rewriting.ts'
import type { Redirect } from './rewriting-config.ts'
import type { ShadowConfig, StoreConfig } from './shadow-config.ts'
import type { Balance, HealthConfig } from './upstream-config.ts'

type Whole = string | number | boolean | null | readonly unknown[]

/** A map of which any part may be missing. Lists and scalars are whole or absent. */
export type Part<T> = T extends Whole ? T : { readonly [K in keyof T]?: Part<T[K]> }

export type WrittenRoute = Part<
  Omit<
    Route,
    'id' | 'match' | 'effects' | 'rollout' | 'breaker' | 'cohort' | 'rewriting' | 'redirect'
  >
> &
  WrittenRewriting & {
    readonly redirect?: Partial<Redirect>
    readonly match?: Route['match']
    readonly effects?: 'read' | 'idempotentWrite' | 'write'
    readonly rollout?: Part<RolloutUse>
    readonly breaker?: Part<BreakerConfig>
    readonly cohort?: string
  }

export type WrittenUpstream = Part<
  Omit<UpstreamConfig, 'name' | 'host' | 'adapter' | 'health' | 'balance' | 'tls'>
> & {
  readonly url?: string
  readonly host?: UpstreamConfig['host']
  readonly adapter?: string
  readonly health?: Part<HealthConfig>
  readonly balance?: Balance
  readonly tls?: Partial<Record<'ca' | 'cert' | 'key' | 'serverName', string>> & {
    readonly verify?: boolean
  }
}

export type WrittenHandlers = Part<Omit<HandlersConfig, 'databaseUrl' | 'module'>> & {
  readonly module?: string
  readonly database?: { readonly url?: string }
}

interface WrittenCertificate {
  readonly cert?: string
  readonly key?: string
}

export type WrittenListen = Part<Omit<ListenConfig, 'tls'>> & {
  readonly tls?: WrittenCertificate & {
    readonly sni?: Readonly<Record<string, WrittenCertificate>>
  }
}

export type WrittenRollout = Part<Omit<Rollout, 'steps'>> & {
  readonly steps?: readonly Part<Step>[]
}

/** The part that an included file may hold. */
export interface WrittenInclude {
  readonly prefix?: string
  readonly defaults?: WrittenRoute
  readonly routes?: Readonly<Record<string, WrittenRoute>>
}

export interface WrittenConfig extends Omit<WrittenInclude, 'prefix'> {
  readonly listen?: WrittenListen
  readonly admin?: Part<AddressConfig>
  readonly probes?: Part<AddressConfig>
  readonly store?: 'none' | Part<StoreConfig>
  readonly handlers?: WrittenHandlers
  readonly shadow?: Part<ShadowConfig>
  readonly log?: Part<LogConfig>
  readonly stateDir?: string
  readonly upstreams?: Readonly<Record<string, WrittenUpstream>>
  readonly force?: Part<ForceConfig>
  readonly rulesets?: Readonly<Record<string, Comparison>>
  readonly gates?: Readonly<Record<string, Part<Gate>>>
  readonly rollouts?: Readonly<Record<string, WrittenRollout>>
  readonly include?: readonly string[]
}

/** What holds where a config says nothing. docs/reference/config.md carries every value (tested). */
import type { BreakerConfig, Config, Route, UpstreamConfig } from './config.ts'
import type { Gate, Rollout } from './cutover-config.ts'
import type { StoreConfig } from './shadow-config.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const kibi = 1_024
const mebi = 1_024 * kibi

export const listen: Config['listen'] = {
  host: '127.0.0.1',
  port: 8080,
  trustedProxies: [],
  tls: null,
  http2: true,
  upgrades: ['websocket'],
  // Generous: a legacy's clients send what they always sent.
  limits: {
    headerBytes: 64 * kibi,
    headerCount: 200,
    headerTimeoutMs: 30 * second,
    // Longer than the 60 s after which common load balancers drop an idle connection themselves.
    keepAliveMs: 75 * second,
    connections: 20_000,
    inFlight: 10_000,
    bodyIdleMs: 30 * second,
    // A tenth of what the slowest modem sent, and more than an attack that trickles cares to send.
    bodyRateBytes: 16,
    writeIdleMs: 60 * second,
    tunnels: 10_000,
  },
  drain: { delayMs: 10 * second, graceMs: 25 * second },
}

export const admin: Config['admin'] = { host: '127.0.0.1', port: 9901 }
export const probes: Config['admin'] = { host: '127.0.0.1', port: 9902 }

export const handlers: Required<Config['handlers']> = {
  module: null,
  timeoutMs: 10 * second,
  concurrency: 256,
  lanes: 4,
  isolation: 'process',
  queue: 256,
  queueTimeoutMs: 2 * second,
  memoryBytes: 128 * mebi,
  databaseUrl: null,
}

export const shadow: NonNullable<Config['shadow']> = {
  lanes: 2,
  isolation: 'process',
  queue: 200,
  memoryBytes: 64 * mebi,
  bodyLimitBytes: 256 * kibi,
  delayLimitMs: 200,
  rssLimitBytes: 2_048 * mebi,
  snapshotWaitMs: 0,
  copyLimitBytes: 64 * mebi,
  database: { twin: false, binlog: 'auto' },
  egress: [],
  store: 'redacted',
  redact: [],
}

/** Its file lies in `stateDir`. */
export const store: Omit<StoreConfig, 'url'> = { limitBytes: 256 * mebi, keepMs: 14 * 24 * hour }

export const log: Config['log'] = { level: 'info', accessBp: 10_000, query: 'redact' }

/** Relative to the config file. */
export const stateDir: string = 'var'

export const force: Config['force'] = {
  header: 'x-banyan-target',
  cookie: 'banyan_target',
  keyEnv: 'BANYAN_FORCE_KEY',
  maxAgeMs: 8 * hour,
  allowUnsignedFrom: [],
}

export const breaker: BreakerConfig = {
  windowMs: 10 * second,
  minimumCalls: 20,
  failureRateBp: 5_000,
  slowRateBp: 8_000,
  slowCallMs: 3 * second,
  // Above `timeouts.total`: no answer from before the outage may meet a breaker on trial.
  resetAfterMs: 65 * second,
  halfOpenCalls: 5,
}

export const upstream: Omit<UpstreamConfig, 'name' | 'urls'> = {
  adapter: null,
  host: 'preserve',
  pool: { connections: 64, maxPending: 256, queueTimeoutMs: 2 * second, keepAliveMs: 4 * second },
  timeouts: {
    connectMs: second,
    firstByteMs: 20 * second,
    idleMs: 30 * second,
    totalMs: 60 * second,
    tunnelIdleMs: hour,
  },
  breaker,
  wire: 'own',
  balance: 'roundRobin',
  health: null,
  slowStartMs: 10 * second,
  retries: { max: 2, budgetBp: 2_000 },
  dns: { refreshMs: 30 * second },
  tls: null,
}

/**
 * How the stack of an adapter reads paths. What stands before it (apache, nginx, a gateway) cannot
 * be known from here: an upstream says so itself.
 */
export const normalisers: ReadonlyMap<string, NonNullable<UpstreamConfig['normaliser']>> = new Map([
  ['php', ['php']],
  ['ruby', ['rails']],
])

/** The legacy stacks of which something is known. */
export const adapters: readonly string[] = [...normalisers.keys()]

export const health: Omit<NonNullable<UpstreamConfig['health']>, 'path'> = {
  intervalMs: 5 * second,
  timeoutMs: 2 * second,
  unhealthyAfter: 3,
  healthyAfter: 2,
}

/** `sample` and `run` follow the stage, `fallbackOn` the effects, `cohort` the id. */
export const route: Omit<Route, 'id' | 'match' | 'sampleBp' | 'run' | 'fallbackOn' | 'cohort'> = {
  stage: 'legacy',
  weightBp: 0,
  effects: null,
  caller: [
    { from: 'claim', name: 'sub' },
    { from: 'header', name: 'x-user-id' },
    { from: 'cookie', name: 'uid' },
  ],
  legacy: null,
  modern: null,
  breaker,
  examples: [],
  tags: [],
  writes: 'off',
  compare: [],
  rollout: null,
  repeatable: false,
  sessionCookies: [],
  onAmbiguousPath: 'report',
}

/** Causes that prove that nothing was done: safe for every route. */
export const safeCauses: Route['fallbackOn'] = ['notSent', 'breakerOpen', 'bulkheadFull']
export const readCauses: Route['fallbackOn'] = [...safeCauses, 'timeout', 'reset', '5xx']

export const gate: Omit<Gate, 'signal'> = {
  limitBp: null,
  tolerance: null,
  confidenceBp: 9_900,
  minSamples: 1_000,
  minEvents: 5,
  minKeys: 3,
  minHours: 0,
  maxUnjudgedBp: 100,
}

export const rollout: Omit<Rollout, 'steps'> = {
  onFail: 'rollback',
  cooldownMs: 6 * hour,
  maxRollbacks: 2,
}

/** Names that a config may use without defining them. */
export const names: Readonly<Record<'rulesets' | 'gates' | 'rollouts', readonly string[]>> = {
  rulesets: ['php', 'ruby', 'mysql'],
  gates: ['parity', 'regressions', 'errors', 'latency'],
  rollouts: ['standard', 'careful'],
}

import type { Config, ListenConfig, UpstreamConfig } from '../config/config.ts'
import { plainRoute } from '../routing/plain-route.ts'

/** A listener for tests: loopback, a port of the kernel's choice, no patience. */
export const plainListen = (changes: Partial<ListenConfig> = {}): ListenConfig => ({
  host: '127.0.0.1',
  port: 0,
  trustedProxies: [],
  tls: null,
  limits: { headerBytes: 16_384, headerCount: 100, headerTimeoutMs: 5_000, keepAliveMs: 5_000 },
  drain: { delayMs: 0, graceMs: 2_000 },
  ...changes,
})

/** An upstream for tests at one or more origins. */
export const plainUpstream = (
  urls: readonly string[],
  changes: Partial<UpstreamConfig> = {},
): UpstreamConfig => ({
  name: 'php',
  urls,
  adapter: null,
  host: 'preserve',
  pool: { connections: 16, maxPending: 64, queueTimeoutMs: 2_000, keepAliveMs: 4_000 },
  timeouts: { connectMs: 1_000, firstByteMs: 5_000, idleMs: 5_000, totalMs: 10_000 },
  breaker: plainRoute('any').breaker,
  ...changes,
})

/** A whole config for tests: everything to one legacy upstream. */
export const plainConfig = (changes: Partial<Config> & Pick<Config, 'upstreams'>): Config => ({
  revision: '000000000001',
  listen: plainListen(),
  admin: { host: '127.0.0.1', port: 0 },
  probes: null,
  handlers: { module: null, timeoutMs: 2_000, concurrency: 16, databaseUrl: null },
  log: { level: 'error', accessBp: 0, query: 'redact' },
  stateDir: '/nonexistent',
  force: {
    header: 'x-banyan-target',
    cookie: 'banyan_target',
    keyEnv: 'BANYAN_FORCE_KEY',
    maxAgeMs: 3_600_000,
    allowUnsignedFrom: [],
  },
  routes: [plainRoute('rest', { modern: null })],
  ...changes,
})

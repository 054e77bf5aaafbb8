import type { UpstreamConfig } from '../../proxy/config/config.ts'

export interface UpstreamChanges
  extends Partial<Omit<UpstreamConfig, 'urls' | 'pool' | 'timeouts'>> {
  /** Further addresses. */
  readonly more?: readonly string[]
  readonly pool?: Partial<UpstreamConfig['pool']>
  readonly timeouts?: Partial<UpstreamConfig['timeouts']>
}

/** An upstream as the config's defaults make it, at one address, with small changes. */
export const upstreamConfig = (
  url: string,
  { more = [], ...about }: UpstreamChanges = {},
): UpstreamConfig => ({
  name: 'php',
  urls: [url, ...more],
  adapter: null,
  host: 'preserve',
  breaker: {
    windowMs: 10_000,
    minimumCalls: 20,
    failureRateBp: 5_000,
    slowRateBp: 8_000,
    slowCallMs: 3_000,
    resetAfterMs: 65_000,
    halfOpenCalls: 5,
  },
  ...about,
  pool: {
    connections: 64,
    maxPending: 256,
    queueTimeoutMs: 2_000,
    keepAliveMs: 4_000,
    ...about.pool,
  },
  timeouts: {
    connectMs: 1_000,
    firstByteMs: 20_000,
    idleMs: 30_000,
    totalMs: 60_000,
    ...about.timeouts,
  },
})

/** What upstreams tell of their addresses and retries, in the log and in the metrics. */
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { UpstreamIo } from './upstream.ts'

/** @param error null: all is well again */
const troubleOf = (error: unknown) =>
  error === null
    ? { ok: true }
    : { ok: false, error: error instanceof Error ? error.message : String(error) }

export const createUpstreamEvents =
  (log: Log, metrics: Metrics): NonNullable<UpstreamIo['events']> =>
  (upstream) => {
    const cells = {
      answered: metrics.counter('retries_total', { upstream, result: 'answered' }),
      failed: metrics.counter('retries_total', { upstream, result: 'failed' }),
      denied: metrics.counter('retries_total', { upstream, result: 'denied' }),
    }
    return {
      retried(result) {
        cells[result].value += 1
      },
      health: (address, { healthy, source }) =>
        log.warn('address_health', { upstream, address, healthy, source }),
      name: (address, error) =>
        log.warn('name_resolution', { upstream, address, ...troubleOf(error) }),
      tls: (error) => log.warn('upstream_tls', { upstream, ...troubleOf(error) }),
    }
  }

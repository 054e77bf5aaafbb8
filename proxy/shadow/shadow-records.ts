/** What is known of shadows in this process, and where it outlives it. */
import { hostname } from 'node:os'
import type { Config } from '../config/config.ts'
import { createStore } from '../store/create-store.ts'
import type { Store } from '../store/store.ts'
import type { UpstreamIo } from '../targets/upstream.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createEvidenceBook, type EvidenceBook } from './evidence-book.ts'
import { createExemplarKeep, type ExemplarKeep } from './exemplar-keep.ts'
import { createFleetEvidence, type FleetEvidence } from './fleet-evidence.ts'
import type { ShownNoise } from './shown-noise.ts'

export interface RecordsIo extends Pick<UpstreamIo, 'pseudonym' | 'now'> {
  readonly log: Log
  readonly metrics: Metrics
}

/** How often the store hears of what was counted. */
const flushMs = 5_000

const openStore = ({ store }: Config, { log, metrics }: RecordsIo): Store | null => {
  if (store == null) return null
  const opened = createStore(store, {
    log,
    count(result, items) {
      metrics.counter('store_writes_total', { result }).value += items
    },
  })
  metrics.onScrape(() => {
    metrics.gauge('store_up', {}).value = opened.status().problem === null ? 1 : 0
  })
  return opened
}

export interface ShadowRecords {
  /** Null: the config says that there is none. */
  readonly store: Store | null
  readonly book: EvidenceBook
  readonly keep: ExemplarKeep
  readonly fleet: FleetEvidence
  close(): Promise<void>
}

/** What is counted here, and where it outlives the process. */
export const createRecords = (
  config: Config,
  io: RecordsIo,
  noiseOf: ShownNoise,
): ShadowRecords => {
  const store = openStore(config, io)
  const instance = `${hostname()}-${io.pseudonym}`
  const book = createEvidenceBook({
    instance,
    wallNow: Date.now,
    put: (evidence) => store?.putEvidence(evidence),
    noiseOf,
  })
  const timer = setInterval(book.flush, flushMs)
  timer.unref()
  return {
    store,
    book,
    keep: createExemplarKeep(),
    fleet: createFleetEvidence({ book, store, instance, now: io.now }),
    async close(): Promise<void> {
      clearInterval(timer)
      await book.flush()
      await store?.close()
    },
  }
}

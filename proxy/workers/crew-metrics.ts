/** One page of metrics for all workers, in which no sum ever falls because a worker ended. */
import { Buffer } from 'node:buffer'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import {
  type Exposition,
  growing,
  mergeExpositions,
  onlyRoutes,
  readExposition,
  routesIn,
  writeExposition,
} from '../telemetry/exposition.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { askWorker } from './ask-worker.ts'
import type { WorkerProcess } from './start-worker.ts'

export interface CrewMetrics {
  readonly metrics: Metrics
  /** The last page of a worker; nothing that it says afterwards counts. */
  last(worker: WorkerProcess, text: string): void
  /** The worker is gone: what it has counted stays. */
  ended(worker: WorkerProcess): void
}

const nothing: Exposition = new Map()
const zipped = promisify(gzip)

/**
 * @param own metrics of the primary process
 * @param workers all that can be asked, draining ones too
 */
export const createCrewMetrics = (
  own: Metrics,
  workers: () => readonly WorkerProcess[],
): CrewMetrics => {
  const pages = new Map<WorkerProcess, Exposition>()
  const done = new WeakSet<WorkerProcess>()
  let gone = nothing
  let gathering: Promise<string> | null = null

  const ask = async (worker: WorkerProcess): Promise<void> => {
    const answer = await askWorker(worker, '/metrics')
    // It may have ended meanwhile, and is counted among those that have.
    if (answer?.status === 200 && !done.has(worker)) pages.set(worker, readExposition(answer.text))
  }
  const gather = async (): Promise<string> => {
    await Promise.all(workers().map(ask))
    const primary = readExposition((await own.page('identity')).toString())
    const alive = [...pages.values()]
    const routes = routesIn(alive)
    // Those that are alive keep the series of a route for an hour after it went.
    if (routes.size > 0) gone = onlyRoutes(gone, routes)
    return writeExposition(mergeExpositions(primary, [...alive, gone]))
  }
  /** One at a time, so that no older page follows a younger one. */
  const gatherOnce = (): Promise<string> => {
    gathering ??= gather().finally(() => {
      gathering = null
    })
    return gathering
  }
  return {
    metrics: {
      ...own,
      async page(encoding) {
        const page = Buffer.from(await gatherOnce())
        return encoding === 'gzip' ? zipped(page) : page
      },
    },
    last(worker, text) {
      done.add(worker)
      pages.set(worker, readExposition(text))
    },
    ended(worker) {
      done.add(worker)
      const page = pages.get(worker)
      pages.delete(worker)
      if (page !== undefined) gone = mergeExpositions(nothing, [gone, growing(page)])
    },
  }
}

/** What was refused before there was a request: counted and written down like any other. */
import { errorRow } from '../errors.ts'
import type { Failure } from '../targets/send.ts'
import type { Log } from './log.ts'
import { observeValue } from './series.ts'
import type { SnapshotMetrics } from './snapshot-metrics.ts'

const route = '_refused'

/** @returns what to call with the failure, the id that the client was told, and its address */
export const createObserveRefused =
  (snapshot: SnapshotMetrics, log: Log) =>
  (why: Failure, requestId: string, client: string): void => {
    const { status } = errorRow(why.code)
    const series = snapshot.route(route)
    const kind = { method: 'other', status, target: 'banyan', reason: 'stage' } as const
    series.requests(kind).value += 1
    observeValue(series.duration('banyan'), 0)
    const { code: failure, party, detail } = why
    log.info('refused', { requestId, route, status, failure, party, detail, client })
  }

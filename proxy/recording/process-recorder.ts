import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createRecorder, type Recorder, type RecorderOptions } from './recorder.ts'

/** The recorder of a process, which counts and logs what becomes of a recording. */
export const createProcessRecorder = ({
  log,
  metrics,
  ...options
}: Pick<RecorderOptions, 'comparer' | 'key' | 'level' | 'bodyLimitBytes'> & {
  readonly log: Pick<Log, 'info'>
  readonly metrics: Metrics
}): Recorder =>
  createRecorder({
    ...options,
    wallNow: Date.now,
    count(result) {
      metrics.counter('recorded_exchanges_total', { result }).value += 1
    },
    onEnd: ({ counts }, why) => log.info('recording_ended', { why, ...counts() }),
  })

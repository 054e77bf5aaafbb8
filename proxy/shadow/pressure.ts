/** Whether the process has anything to spare for shadows. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Log } from '../telemetry/log.ts'

export interface PressureLimits {
  /** Event-loop delay that 99 of 100 turns stay below, milliseconds. */
  readonly delayMs: number
  /** Resident memory of the process, bytes. */
  readonly rssBytes: number
}

export interface Pressure {
  isHigh(): boolean
  /** Looks now; it does so by itself every two seconds. */
  look(): void
  close(): void
}

/** What a process is measured by. */
export interface Gauge {
  /** Since the last reading. */
  delayMs(): number
  rssBytes(): number
  close(): void
}

const resolutionMs = 10
const windowMs = 2_000
/** So far below its limit a value must be before shadows run again. */
const calm = 0.8

export const processGauge = (): Gauge => {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  return {
    delayMs() {
      const p99 = delays.percentile(99) / 1e6 - resolutionMs
      delays.reset()
      return Math.max(0, p99)
    },
    rssBytes: () => process.memoryUsage.rss(),
    close: () => void delays.disable(),
  }
}

/** Looks every two seconds; says once that it has become too much, and once that it is over. */
export const createPressure = (
  limits: PressureLimits,
  log: Pick<Log, 'warn' | 'info'>,
  gauge: Gauge = processGauge(),
): Pressure => {
  let isHigh = false
  const look = (): void => {
    const [delayMs, rssBytes] = [Math.round(gauge.delayMs()), gauge.rssBytes()]
    const share = Math.max(delayMs / limits.delayMs, rssBytes / limits.rssBytes)
    const wasHigh = isHigh
    isHigh = share > (wasHigh ? calm : 1)
    if (isHigh && !wasHigh) log.warn('shadows_paused', { delayMs, rssBytes })
    if (!isHigh && wasHigh) log.info('shadows_resumed', { delayMs, rssBytes })
  }
  const timer = setInterval(look, windowMs)
  timer.unref()
  return {
    isHigh: () => isHigh,
    look,
    close() {
      clearInterval(timer)
      gauge.close()
    },
  }
}

/** Lanes over the unruly handlers, and what a test hears of them. */
import { EventEmitter, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Log } from '../../telemetry/log.ts'
import { createOutlook, drink, inbound } from '../conformance/exchange.ts'
import type { TargetResponse } from '../send.ts'
import type { LaneCause } from './lane.ts'
import { createLanes, type Lanes, type LanesOptions } from './lanes.ts'
import { createSpawner } from './spawner.ts'

export const unruly: string = fileURLToPath(
  new URL('../conformance/unruly-handlers.js', import.meta.url),
)

export interface LanesLabOptions extends Partial<LanesOptions> {
  readonly timeoutMs?: number
  readonly module?: string
  readonly databaseUrl?: string | null
}

export interface LanesLab {
  readonly lanes: Lanes
  readonly causes: readonly LaneCause[]
  /** What was logged: event and fields. */
  readonly lines: readonly (readonly [string, Readonly<Record<string, unknown>>])[]
  /** Resolves the next time that this event is logged. */
  hears(event: string): Promise<unknown>
  ask(path: string): Promise<TargetResponse>
  /** Resolves to the text of an answer. */
  read(path: string): Promise<string>
}

export const createLanesLab = ({
  timeoutMs = 1_000,
  module = unruly,
  databaseUrl = null,
  ...about
}: LanesLabOptions = {}): LanesLab => {
  const heard = new EventEmitter()
  const causes: LaneCause[] = []
  const lines: [string, Readonly<Record<string, unknown>>][] = []
  const say: Log['info'] = (event, fields = {}) => {
    lines.push([event, fields])
    heard.emit(event)
  }
  const spawner = createSpawner()
  const pool = createLanes({
    config: { module, timeoutMs, concurrency: 256, databaseUrl },
    role: 'primary',
    isolation: 'thread',
    spawner,
    lanes: 2,
    memoryBytes: 64 * 1_048_576,
    queue: 32,
    queueTimeoutMs: 10_000,
    log: { debug: say, info: say, warn: say, error: say },
    onEvent: ({ cause }) => causes.push(cause),
    ...about,
  })
  const lanes: Lanes = {
    ...pool,
    async close() {
      await pool.close()
      spawner.close()
    },
  }
  const ask = (path: string): Promise<TargetResponse> =>
    lanes.send(inbound({ url: path, path }), createOutlook())
  return {
    ...{ lanes, causes, lines, ask },
    hears: (event) => once(heard, event),
    read: async (path) => String(await drink((await ask(path)).body)),
  }
}

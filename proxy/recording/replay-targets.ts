/** The targets of a config as a replay asks them: connections and lanes of its own. */
import { randomBytes } from 'node:crypto'
import * as builtIn from '../config/built-in.ts'
import type { Config, Route, UpstreamConfig } from '../config/config.ts'
import { planRoute } from '../shadow/plan-routes.ts'
import type { ShadowRoute } from '../shadow/shadow-route.ts'
import type { Target } from '../stage.ts'
import { viaToken } from '../targets/forwarded.ts'
import { createLanes } from '../targets/lanes/lanes.ts'
import { createSpawner } from '../targets/lanes/spawner.ts'
import { createUpstream, type Upstream } from '../targets/upstream.ts'
import type { Log } from '../telemetry/log.ts'

export interface ReplayTargets {
  /** By the ids of the routes. */
  readonly plans: ReadonlyMap<string, ShadowRoute>
  /** Loads the handlers where they are asked; why they cannot be, null: they can. */
  ready(): Promise<string | null>
  close(): Promise<void>
}

export interface ReplayTargetsOptions {
  /** Those that are asked; the others need no connection. */
  readonly asked: readonly Target[]
  /** Requests at once. */
  readonly concurrency: number
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly now: () => number
}

const laneHeapBytes = 512 * 1_048_576
/** Loading the handlers may take long, and nobody is in a hurry. */
const queueMs = 60_000
const mostLanes = 8

const asReplay = (
  { retries: _, ...config }: UpstreamConfig,
  connections: number,
): UpstreamConfig => ({
  ...config,
  wire: 'undici',
  health: null,
  pool: { ...config.pool, connections, maxPending: connections },
})

const openUpstreams = (
  { routes, upstreams }: Config,
  { asked, concurrency, now }: ReplayTargetsOptions,
): ReadonlyMap<string, Upstream> => {
  const pseudonym = viaToken(randomBytes(6).toString('hex'))
  const names = new Set(routes.flatMap((route) => asked.map((target) => route[target])))
  const used = Object.values(upstreams).filter(({ name }) => names.has(name))
  return new Map(
    used.map((each) => [
      each.name,
      // A Banyan on the way must not take it for a client's.
      createUpstream(asReplay(each, concurrency), { pseudonym, now, isShadow: true }),
    ]),
  )
}

/** @throws Error where an upstream of the config cannot be used */
export const openReplayTargets = (config: Config, options: ReplayTargetsOptions): ReplayTargets => {
  const { asked, concurrency, log, now } = options
  const upstreams = openUpstreams(config, options)
  const places = asked.includes('modern') ? Math.min(concurrency, mostLanes) : 0
  const spawner = createSpawner()
  const lanes = createLanes({
    ...{ config: config.handlers, role: 'shadow', lanes: places, log, now },
    isolation: config.shadow?.isolation ?? builtIn.shadow.isolation,
    spawner,
    memoryBytes: laneHeapBytes,
    queue: concurrency,
    queueTimeoutMs: queueMs,
    onEvent: () => {},
  })
  const parts = {
    ...{ config, upstreams, upstreamPlaces: concurrency, build: null, handled: null },
    lanes: { places: Math.max(1, places), queueMs, within: lanes.within },
    isLegacyBlocked: () => false,
  }
  const plan = (route: Route): ShadowRoute => {
    const planned = planRoute(parts, route)
    const { legacy, modern } = planned.targets
    const targets = {
      legacy: asked.includes('legacy') ? legacy : null,
      modern: asked.includes('modern') ? modern : null,
    }
    return { ...planned, targets }
  }
  return {
    plans: new Map(config.routes.map((route) => [route.id, plan(route)])),
    async ready() {
      const isNeeded = config.routes.some(({ modern }) => modern === 'handlers')
      if (places === 0 || !isNeeded) return null
      await lanes.warm()
      return lanes.status().problem
    },
    async close() {
      await Promise.all([lanes.close(), ...[...upstreams.values()].map((each) => each.close(0))])
      spawner.close()
    },
  }
}

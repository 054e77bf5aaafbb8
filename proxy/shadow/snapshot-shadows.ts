/** The shadows of one snapshot: what `reserve` does in it, and what it keeps until its last sample is told. */
import type { Config, Route, UpstreamConfig } from '../config/config.ts'
import { shadowDatabaseForm } from '../config/shadow-database.ts'
import { withRecording } from '../recording/recorder.ts'
import type { Engine } from '../serve.ts'
import type { Handlers } from '../targets/handler.ts'
import { isShadowed, planRoutes } from './plan-routes.ts'
import { createReserve } from './reserve.ts'
import type { ShadowParts } from './shadow-parts.ts'
import type { ShadowRoute } from './shadow-route.ts'
import { createUses } from './uses.ts'
import { withOtherWrites } from './writes/other-writes.ts'
import { watchKind } from './writes/watch-kind.ts'

export interface SnapshotShadows {
  readonly reserve: Engine['reserve']
  /** Begins what its shadows need; nobody waits for it. */
  start(): void
  /** Lets go of what only the snapshot before this one used, once its samples are told. */
  release(): void
}

export interface SnapshotShadowsOptions {
  readonly parts: ShadowParts
  readonly handlers: Pick<Handlers, 'build' | 'routeNames'>
  readonly isLegacyBlocked: (route: Route) => boolean
}

/** Those that shadows ask: the others need no connections of their own. */
const upstreamsOf = ({ routes, upstreams }: Config): ReadonlyMap<string, UpstreamConfig> => {
  const names = new Set(routes.filter(isShadowed).flatMap(({ legacy, modern }) => [legacy, modern]))
  return new Map(Object.entries(upstreams).filter(([name]) => names.has(name)))
}

/** Whether what it writes in the shadows may be held against what legacy wrote. */
const judgesWrites = ({ route, targets }: ShadowRoute): boolean =>
  watchKind(route) !== 'read' && targets.modern?.watch !== undefined

/** @throws Error where an upstream of the config cannot be used */
export const createSnapshotShadows = (
  config: Config,
  { parts, handlers, isLegacyBlocked }: SnapshotShadowsOptions,
): SnapshotShadows => {
  const { shadows, recorder, book, limits, lanes, writeLanes, upstreams } = parts
  const { upstreamPlaces, laneQueueMs: queueMs, binlog, writeNotes, otherWrites } = parts
  const watched = { reading: lanes, writing: writeLanes }
  const used = upstreams.use(upstreamsOf(config))
  const places = config.handlers.module === null ? 0 : limits.lanes
  const names = handlers.routeNames()
  const plans = planRoutes({
    ...{ config, upstreamPlaces, isLegacyBlocked },
    build: handlers.build,
    handled: names === null ? null : new Set(names),
    upstreams: used.parts,
    lanes: places === 0 ? null : { places, queueMs, within: lanes.within, watched },
  })
  book.use(plans)
  parts.beginCounts([...plans.values()].map(({ route }) => route))
  const ids = new Set(config.routes.map(({ id }) => id))
  shadows.keep(ids)
  writeNotes.keep(ids)
  const uses = createUses()
  const older = parts.uses.swap(uses)
  // An older snapshot's samples use what this one has kept of it.
  const olderIsOver = older === null ? () => {} : uses.begin()
  // In copies of a file all that was written stands together.
  const copiesFiles = shadowDatabaseForm(config) === 'sqlite'
  const reserve = createReserve({
    ...{ shadows, plans, config, uses },
    limitBytes: limits.bodyLimitBytes,
    snapshotWaitMs: limits.snapshotWaitMs,
    ...{ binlog, onJudged: parts.onJudged, writeNotes, otherWrites },
    wallNow: Date.now,
  })
  return {
    reserve: withRecording(
      recorder,
      config,
      copiesFiles ? withOtherWrites(otherWrites, reserve) : reserve,
    ),
    start() {
      for (const upstream of used.parts.values()) upstream.start()
      const inLanes = [...plans.values()].filter(({ route }) => route.modern === 'handlers')
      const [reads, writes] = [false, true].map((isWriting) =>
        inLanes.some(({ route }) => (watchKind(route) !== 'read') === isWriting),
      )
      if (reads) void lanes.warm()
      if (writes) void writeLanes.warm()
      binlog?.want([...plans.values()].some(judgesWrites))
    },
    release() {
      const close = (): void => {
        for (const upstream of used.dropped) void upstream.close()
        olderIsOver()
      }
      if (older === null) close()
      else older.end(close)
    },
  }
}

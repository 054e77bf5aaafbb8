/** The shadows of one snapshot: what `reserve` does in it, and what it keeps until its last sample is told. */
import type { Config, Route } from '../config/config.ts'
import type { Engine } from '../serve.ts'
import { planRoutes } from './plan-routes.ts'
import { createReserve } from './reserve.ts'
import type { ShadowParts } from './shadow-parts.ts'
import { createUses } from './uses.ts'

export interface SnapshotShadows {
  readonly reserve: Engine['reserve']
  /** Lets go of what only the snapshot before this one used, once its samples are told. */
  release(): void
}

export interface SnapshotShadowsOptions {
  readonly parts: ShadowParts
  /** Names the code of the handlers. */
  readonly build: string | null
  readonly isLegacyBlocked: (route: Route) => boolean
}

/** @throws Error where an upstream of the config cannot be used */
export const createSnapshotShadows = (
  config: Config,
  { parts, build, isLegacyBlocked }: SnapshotShadowsOptions,
): SnapshotShadows => {
  const { shadows, limits, lanes, upstreams, upstreamPlaces } = parts
  const used = upstreams.use(new Map(Object.entries(config.upstreams)))
  const places = limits.lanes
  const plans = planRoutes({
    ...{ config, upstreamPlaces, build, isLegacyBlocked },
    upstreams: used.parts,
    lanes:
      places === 0 || config.handlers.module === null ? null : { places, within: lanes.within },
  })
  shadows.keep(new Set(config.routes.map(({ id }) => id)))
  const uses = createUses()
  const older = parts.uses.swap(uses)
  // An older snapshot's samples use what this one has kept of it.
  const olderIsOver = older === null ? () => {} : uses.begin()
  return {
    reserve: createReserve({
      ...{ shadows, plans, config, uses },
      limitBytes: limits.bodyLimitBytes,
      wallNow: Date.now,
    }),
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

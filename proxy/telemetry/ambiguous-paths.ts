/** Tells of requests whose path is read in two ways: every one is counted, some are logged. */
import type { Config } from '../config/config.ts'
import type { Ambiguity } from '../routing/ambiguity.ts'
import type { InboundRequest } from '../targets/send.ts'
import { cut, loggedTarget } from './access-line.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface AmbiguousPathsOptions {
  readonly config: Config
  readonly metrics: Metrics
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export type TellAmbiguity = (request: InboundRequest, taken: string, found: Ambiguity) => void

/** A scanner sends thousands; one line in this time says enough of each profile. */
const quietMs = 10_000

/** @returns told with the request, the id of the route of its canonical path, and what was found */
export const createTellAmbiguity = (options: AmbiguousPathsOptions): TellAmbiguity => {
  const { config, metrics, log, now } = options
  const nextLineAt = new Map<string, number>()
  // At zero before the first one, for whoever watches the increase.
  const policies = new Set(config.routes.map(({ onAmbiguousPath = 'report' }) => onAmbiguousPath))
  for (const { normaliser = [] } of Object.values(config.upstreams)) {
    for (const profile of normaliser) {
      for (const policy of policies) metrics.counter('ambiguous_paths_total', { profile, policy })
    }
  }
  return (request, taken, { readings: [first], policy }) => {
    const { profile, path, route } = first
    metrics.counter('ambiguous_paths_total', { profile, policy }).value += 1
    if (now() < (nextLineAt.get(profile) ?? 0)) return
    nextLineAt.set(profile, now() + quietMs)
    log.info('ambiguous_path', {
      requestId: request.id,
      path: loggedTarget(request.url, config.log.query),
      profile,
      policy,
      route: taken,
      reading: cut(path),
      readingRoute: route?.id ?? null,
    })
  }
}

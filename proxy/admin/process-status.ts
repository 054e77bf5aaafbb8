/** What a running process says of itself, from the parts that know. */

import type { Built } from '../build-engine.ts'
import type { Config } from '../config/config.ts'
import type { CertificateStatus } from '../edge/certificates.ts'
import { packageVersion } from '../package-root.ts'
import { createFindings } from '../shadow/findings.ts'
import type { Snapshots } from '../snapshots.ts'
import type { StandingParts } from '../standing-parts.ts'
import type { Handlers } from '../targets/handler.ts'
import { createStatus, type ProxyStatus, type ReloadStatus } from './status.ts'

type Process = ReturnType<ProxyStatus['process']>

/** What changes while a process lives. */
export interface Life extends Pick<Process, 'state' | 'listeners'> {
  state: Process['state']
  listeners: Process['listeners']
  /** Null until the first config is in force. */
  built: Built | null
  handlers: Handlers | null
  appliedAt: string
  readonly certificates: () => readonly CertificateStatus[]
}

export const builtOf = ({ built }: Life): Built => {
  if (built === null) throw new Error('no config is in force yet: the proxy has not started')
  return built
}

export interface ProcessParts {
  readonly standing: StandingParts
  readonly snapshots: Snapshots
  readonly life: Life
  /** Until the first one is in force. */
  readonly firstConfig: Config
  readonly reloads: () => ReloadStatus
}

const upstreamsOf = ({ standing }: ProcessParts): ReturnType<ProxyStatus['upstreams']> =>
  [...standing.upstreams.current().values()].map(({ name, addresses, inFlight, pending }) => ({
    name,
    addresses: addresses(),
    inFlight,
    pending,
  }))

const breakersOf = ({ standing }: ProcessParts): ReturnType<ProxyStatus['breakers']> =>
  [
    ...[...standing.upstreams.current().values()].flatMap(({ breakers }) => breakers),
    ...standing.breakers.current().values(),
  ].map(({ status }) => status())

const handlersOf = ({ life: { handlers } }: ProcessParts): ReturnType<ProxyStatus['upstreams']> =>
  handlers === null || handlers.build === null
    ? []
    : [{ name: 'handlers', addresses: [], inFlight: handlers.inFlight(), pending: 0 }]

export const createProcessStatus = (parts: ProcessParts): ProxyStatus => {
  const { standing, snapshots, life, firstConfig, reloads } = parts
  const { now, kills, board, tunnels } = standing
  const startedMs = now()
  const startedAt = new Date().toISOString()
  const version = packageVersion()
  const config = (): Config => life.built?.config ?? firstConfig
  const { fleet, keep, store, binlog } = standing.shadow
  return createStatus({
    process: () => ({
      state: life.state,
      version,
      node: process.versions.node,
      pid: process.pid,
      startedAt,
      uptimeMs: Math.round(now() - startedMs),
      listeners: life.listeners,
      handlersBuild: life.handlers?.build ?? null,
      certificates: life.certificates(),
      requestsInFlight: snapshots.inFlight(),
      tunnelsInFlight: tunnels.inFlight(),
      lanes: [standing.lanes, standing.shadow.lanes, standing.shadow.writeLanes].map(({ status }) =>
        status(),
      ),
    }),
    config,
    reloads,
    upstreams: () => [...upstreamsOf(parts), ...handlersOf(parts)],
    breakers: () => breakersOf(parts),
    kills: kills.list,
    untold: standing.shadow.writeNotes.read,
    store: () => store?.status() ?? null,
    binlog: () => binlog?.status() ?? null,
    findings: createFindings({ config, fleet, keep, store, wallNow: Date.now }),
    conditions: () => builtOf(life).explainer.conditions,
    board,
  })
}

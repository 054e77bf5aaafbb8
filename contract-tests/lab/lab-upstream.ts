/** An origin that plays a script, and the upstream that sends to it. */
import { performance } from 'node:perf_hooks'
import type { AttemptEvents } from '../../proxy/targets/attempt-events.ts'
import type { Failure, Send } from '../../proxy/targets/send.ts'
import { createUpstream, type Upstream } from '../../proxy/targets/upstream.ts'
import { createOrigin, type LabOrigin, type OriginScript } from './origin.ts'
import { type UpstreamChanges, upstreamConfig } from './upstream-config.ts'

export interface LabUpstream {
  readonly origin: LabOrigin
  readonly upstream: Upstream
  /** As `legacy`. */
  readonly send: Send
  readonly failures: readonly Failure[]
  readonly counts: { answered: number; retried: number }
  close(): Promise<void>
}

export const createLabUpstream = async (
  script: OriginScript,
  changes: UpstreamChanges = {},
): Promise<LabUpstream> => {
  const origin = await createOrigin(script)
  const upstream = createUpstream(upstreamConfig(origin.url, changes), {
    pseudonym: 'banyan-test',
    now: () => performance.now(),
  })
  const failures: Failure[] = []
  const counts = { answered: 0, retried: 0 }
  const events: AttemptEvents = {
    answered() {
      counts.answered += 1
    },
    failed: (why) => failures.push(why),
    retried() {
      counts.retried += 1
    },
  }
  return {
    origin,
    upstream,
    send: upstream.send('legacy', { events }),
    failures,
    counts,
    async close() {
      await upstream.close(0)
      await origin.close()
    },
  }
}

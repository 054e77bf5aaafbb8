/** Starts a lane, and carries it from its first request to its end. */
import { atMost } from '../../stuck-threads.ts'
import { failure } from '../failure.ts'
import type { Failure } from '../send.ts'
import type { Lane, LaneCause, LaneListener } from './lane.ts'
import type { LaneHost } from './lane-host.ts'
import { type IsolatedOptions, startIsolated } from './lane-isolation.ts'
import { type FromLane, hearBy, reviveError } from './lane-messages.ts'
import { overrun, prepareMs } from './lane-supervisor.ts'
import { type Life, leaveWork, lost, startWork, type Work } from './lane-work.ts'

export type LaneOptions = IsolatedOptions

/** Handlers that do not load give up after 30 s themselves, unless they spin. */
const loadMs = 35_000

/** How long one that was asked to end may take for it. */
const exitMs = 100

/** How long handlers may take to close. */
const closeMs = 2_000

/** Who is stuck in the system does not end: nobody waits for it any longer. */
const goneMs = closeMs + 1_000

const sentences: Readonly<Record<LaneCause, string>> = {
  timeout: 'The handler took too long',
  memory: 'The handler ran out of memory',
  exit: 'The handler ended its lane',
  error: 'The handler threw outside of its request',
  crash: 'The handler crashed its process',
  load: 'The handler could not be loaded',
  leftovers: 'The handler left too much behind',
  closed: 'The lane was closed',
}

/** What becomes of the request in a lane that ended. */
const lostBy = (cause: LaneCause, { isAsked, exchange }: Work): Failure => {
  if (!isAsked()) return lost
  const hasHead = exchange.hasHead()
  if (cause === 'timeout') return overrun(hasHead)
  const code = hasHead ? 'http_response_incomplete' : 'connection_terminated'
  return failure(code, 'modern', 'unknown', { detail: `${sentences[cause]}.` })
}

interface Turns {
  readonly ready: () => void
  readonly idle: (report: unknown, isDirty: boolean) => void
  readonly unusable: (problem: string) => void
}

const createHear = (
  life: Life,
  { log, task }: LaneOptions,
  to: LaneListener,
  turns: Turns,
): ((message: FromLane) => void) => {
  const hearOwn = hearBy<FromLane>({
    ready: turns.ready,
    unusable: ({ problem }) => turns.unusable(problem),
    said: ({ event, error }) => log.error(event, { role: task.role, err: reviveError(error) }),
    printed({ stream, line }) {
      const about = { role: task.role, stream }
      if (line === null) log.warn('lane_output_dropped', about)
      else log.info('lane_output', { ...about, line })
    },
    pong({ heldBytes }) {
      life.isSilent = false
      life.work?.supervisor.pong()
      to.held(heldBytes)
    },
    prepared({ result }) {
      life.prepared(result)
      life.work?.prepared(result)
    },
    idle: ({ report, isDirty }) => turns.idle(report, isDirty),
  })
  return (message) => {
    if (life.state === 'ended') return
    if ('of' in message && message.of !== life.served) return
    if ('of' in message) life.work?.exchange.hear(message)
    hearOwn(message)
  }
}

/**
 * A thread that is ended within a call into native code may take the process with it (seen with
 * libsql), so it is asked first; one that grows has no time for that.
 */
const endHost = ({ post, terminate }: LaneHost, cause: LaneCause): void => {
  if (cause === 'memory') {
    terminate()
    return
  }
  post({ is: 'exit' })
  setTimeout(terminate, exitMs).unref()
}

const why = (cause: LaneCause, thrown: string | null): string => {
  const said = thrown?.split('\n', 1)[0] ?? ''
  return said === '' ? sentences[cause] : `${sentences[cause]}: ${said}`
}

/** Starts one. */
export const createLane = (options: LaneOptions, to: LaneListener): Lane => {
  const { module } = options.task
  const life: Life = {
    ...{ state: 'starting', work: null, served: 0, isSilent: false },
    prepared: () => {},
  }
  const finish = (cause: LaneCause, problem: string | null): void => {
    if (life.state === 'ended') return
    life.state = 'ended'
    clearTimeout(loading)
    if (life.work !== null) leaveWork(life, lostBy(cause, life.work))
    life.prepared(null)
    endHost(host, cause)
    to.ended(cause, problem)
  }
  const end = (cause: LaneCause, thrown: string | null = null): void => {
    if (life.state !== 'starting' || cause === 'closed') finish(cause, null)
    else finish('load', `handlers.module ${module} does not load in a lane: ${why(cause, thrown)}.`)
  }
  const free = (): void => {
    life.state = 'free'
    to.free()
  }
  const hear = createHear(life, options, to, {
    ready() {
      clearTimeout(loading)
      to.ready()
      free()
    },
    idle(report, isDirty) {
      leaveWork(life, null, report)
      life.served++
      if (isDirty) end('leftovers')
      else free()
    },
    unusable: (problem) => finish('load', problem),
  })
  const vanish = (problem: string): void => {
    if (life.state === 'starting') finish('load', `no lane could be started: ${problem}`)
    else end('closed')
  }
  const host = startIsolated(options, { hear, died: end, lost: vanish })
  const loading = setTimeout(end, loadMs, 'timeout').unref()
  void host.gone.then(to.gone)
  const ping = (): void => {
    life.isSilent = true
    host.post({ is: 'ping' })
  }
  const about = { ...{ ping, end, now: options.now }, post: host.post, served: () => life.served }
  return {
    state: () => life.state,
    served: () => life.served,
    isSilent: () => life.isSilent,
    ...{ ping, end },
    hold: (terms) => holdLane(life, host, terms),
    release: () => releaseLane(life, host, end),
    begin(job) {
      life.state = 'busy'
      life.work = startWork(job, about)
    },
    close: () => closeLane(life, host, end),
  }
}

const holdLane = (life: Life, host: LaneHost, terms: unknown): Promise<unknown> => {
  life.state = 'held'
  host.post({ is: 'prepare', of: life.served, terms })
  return new Promise((resolve) => {
    life.prepared = resolve
  })
}

/** Whatever keeps it from coming to that, nobody else would ever have it again. */
const releaseLane = (life: Life, host: LaneHost, end: (cause: LaneCause) => void): void => {
  const of = life.served
  const giveUp = (): void => {
    if (life.state === 'held' && life.served === of) end('timeout')
  }
  host.post({ is: 'release', of })
  setTimeout(giveUp, prepareMs).unref()
}

const closeLane = async (
  life: Life,
  host: LaneHost,
  end: (cause: LaneCause) => void,
): Promise<void> => {
  if (life.state === 'free') {
    host.post({ is: 'close' })
    setTimeout(host.terminate, closeMs).unref()
    // Told first: that it ends by itself is no failure then.
    life.state = 'ended'
  } else end('closed')
  await atMost(goneMs, host.gone)
}

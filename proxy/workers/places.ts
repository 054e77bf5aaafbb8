/** The places of a crew: a worker begins for each, and another one when it dies. */
import type { Config } from '../config/config.ts'
import type { Kill } from '../cutover/kill.ts'
import type { Log } from '../telemetry/log.ts'
import type { LogForm, WorkerPlace } from './messages.ts'
import { restartDelayMs, settledMs } from './restart-delay.ts'
import { type SentConfig, startWorker, type WorkerProcess } from './start-worker.ts'

export interface CrewOptions {
  readonly workers: number
  readonly config: Config
  readonly kills: () => readonly Kill[]
  readonly logForm: LogForm
  readonly log: Log
  /** The last that the metrics of a worker say. */
  readonly onPage: (worker: WorkerProcess, text: string) => void
  readonly onEnded: (worker: WorkerProcess) => void
}

/** Where one worker after the other stands. */
export interface Place {
  worker: WorkerProcess | null
  /** On its way to take the place. */
  next: WorkerProcess | null
  /** Settles once `next` has it or is gone. */
  filling: Promise<WorkerPlace> | null
  restarts: number
  quickDeaths: number
  timer: NodeJS.Timeout | null
}

export interface Crewing {
  readonly options: CrewOptions
  readonly places: readonly Place[]
  /** All processes that have not ended, drained ones too. */
  readonly alive: Set<WorkerProcess>
  current: SentConfig
  isEnding: boolean
}

const startOne = (crew: Crewing, onLeaving: () => void): WorkerProcess => {
  const { kills, logForm, onPage, onEnded } = crew.options
  const worker: WorkerProcess = startWorker({
    begin: () => {
      const { current: config } = crew
      const { pieces } = config
      // While others have handlers, one without would answer worse than nobody.
      const needsHandlers = [...crew.alive].some((each) => each.place()?.handlersBuild != null)
      const told = { pieces, kills: kills(), log: logForm, needsHandlers }
      return { config, message: { kind: 'begin', ...told } }
    },
    onLeaving,
    onPage: (text) => onPage(worker, text),
  })
  crew.alive.add(worker)
  void worker.ended.then(() => {
    crew.alive.delete(worker)
    onEnded(worker)
  })
  return worker
}

/** A config may have come into force while the worker began. @throws WorkerFailure, Error */
const untilServing = async (crew: Crewing, worker: WorkerProcess): Promise<WorkerPlace> => {
  const place = await worker.ready
  while (worker.revision() !== crew.current.revision) {
    const problem = await worker.take(crew.current)
    if (problem === null) continue
    worker.kill()
    throw new Error(problem)
  }
  worker.tell({ kind: 'kills', kills: crew.options.kills() })
  return place
}

const fillNow = async (crew: Crewing, place: Place): Promise<WorkerPlace> => {
  const worker = startOne(crew, () => {
    if (place.worker === worker) replace(crew, place, worker)
  })
  place.next = worker
  try {
    const at = await untilServing(crew, worker)
    place.worker = worker
    clearTimeout(place.timer ?? undefined)
    place.timer = null
    void worker.ended.then(() => {
      if (place.worker === worker) replace(crew, place, worker)
    })
    const { pid } = worker
    crew.options.log.info('worker_ready', { pid, revision: crew.current.revision })
    return at
  } finally {
    place.next = null
  }
}

/** Has a worker begin for a place; it holds the place once it serves. @throws as `untilServing` */
export const fill = (crew: Crewing, place: Place): Promise<WorkerPlace> => {
  place.filling = fillNow(crew, place).finally(() => {
    place.filling = null
  })
  return place.filling
}

/** Another one for a worker that has died or leaves: at once, later where they keep dying. */
export const replace = (crew: Crewing, place: Place, last: WorkerProcess | null): void => {
  place.worker = null
  if (crew.isEnding || place.timer !== null) return
  const { log } = crew.options
  const hasSettled = last !== null && Date.now() - last.sinceMs >= settledMs
  place.quickDeaths = hasSettled ? 1 : place.quickDeaths + 1
  const inMs = restartDelayMs(place.quickDeaths)
  log.error('worker_died', { pid: last?.pid ?? null, restartInMs: inMs })
  place.timer = setTimeout(() => {
    place.timer = null
    // A roll may have filled the place meanwhile, or be about to.
    if (crew.isEnding || place.worker !== null || place.next !== null) return
    place.restarts += 1
    fill(crew, place).catch((error: unknown) => {
      log.error('worker_failed', { err: error })
      replace(crew, place, null)
    })
  }, inMs)
}

/** The workers of a primary process: begun, replaced when they die, restarted one by one. */
import type { Config } from '../config/config.ts'
import { serializeConfig } from '../config/serialized.ts'
import type { ToWorker, WorkerPlace } from './messages.ts'
import { type Crewing, type CrewOptions, fill, type Place, replace } from './places.ts'
import type { SentConfig, WorkerProcess, WorkerState } from './start-worker.ts'

export interface WorkerStatus {
  readonly pid: number
  readonly state: WorkerState
  /** ISO 8601. */
  readonly since: string
  /** That it was told last; null: none yet. */
  readonly revision: string | null
  /** How often the worker at this place has been replaced, for whatever reason. */
  readonly restarts: number
}

export interface Crew {
  /**
   * Resolves once all serve that can; the first one has to.
   *
   * @throws WorkerFailure
   */
  start(): Promise<WorkerPlace>
  /** @throws Error when one of them cannot serve it; then none does */
  apply(config: Config): Promise<void>
  tellAll(message: ToWorker): void
  /** A worker takes each one's place before that one drains. One roll at a time. Never rejects. */
  roll(): Promise<void>
  /** The second call ends what the first one waits for. */
  drain(): Promise<void>
  status(): readonly WorkerStatus[]
  /** All processes that have not ended, draining ones too. */
  alive(): readonly WorkerProcess[]
  /** Those that serve, longest place first: the same ones from call to call. */
  serving(): readonly WorkerProcess[]
}

const sentConfig = (config: Config): SentConfig => ({
  revision: config.revision,
  pieces: serializeConfig(config),
})

/** @throws as `fill`; the place stays as it was */
const rollPlace = async (crew: Crewing, place: Place): Promise<void> => {
  // One that begins anyway may have loaded its code before this roll was asked for.
  await place.filling?.catch(() => {})
  const old = place.worker
  await fill(crew, place)
  place.restarts += 1
  if (old === null || crew.isEnding) return
  old.drain()
  await old.ended
}

const rollAll = async (crew: Crewing): Promise<void> => {
  const { log } = crew.options
  const { length: workers } = crew.places
  log.info('roll_began', { workers })
  try {
    for (const place of crew.places) {
      if (crew.isEnding) return
      await rollPlace(crew, place)
    }
    log.info('roll_done', { workers })
  } catch (error) {
    log.error('roll_failed', { err: error, why: 'the workers that are left serve on' })
    for (const place of crew.places) {
      if (place.worker === null && place.timer === null) replace(crew, place, null)
    }
  }
}

/** Whoever asks while one goes on gets another one after it: its workers may have begun too early. */
const createRoll = (crew: Crewing): (() => Promise<void>) => {
  let rolling: Promise<void> | null = null
  let next: Promise<void> | null = null
  const begin = (): Promise<void> => {
    next = null
    rolling = rollAll(crew).finally(() => {
      rolling = null
    })
    return rolling
  }
  return () => {
    if (rolling === null) return begin()
    next ??= rolling.then(begin)
    return next
  }
}

const createApply =
  (crew: Crewing, serving: Crew['serving']) =>
  async (config: Config): Promise<void> => {
    const before = crew.current
    // Whoever begins from now on begins with it.
    crew.current = sentConfig(config)
    const problems = await Promise.all(serving().map((worker) => worker.take(crew.current)))
    const problem = problems.find((each) => each !== null)
    if (problem === undefined) return
    crew.current = before
    await Promise.all(serving().map((worker) => worker.take(before)))
    throw new Error(problem ?? '')
  }

const startAll = async (crew: Crewing): Promise<WorkerPlace> => {
  const [first, ...others] = crew.places
  if (first === undefined) throw new Error('there are no workers')
  // What keeps the first one from serving would keep all of them.
  const at = await fill(crew, first)
  await Promise.all(
    others.map((place) =>
      fill(crew, place).catch((error: unknown) => {
        crew.options.log.error('worker_failed', { err: error })
        replace(crew, place, null)
      }),
    ),
  )
  return at
}

/** Workers must have been prepared by `prepareWorkers`. */
export const createCrew = (options: CrewOptions): Crew => {
  const places = Array.from(
    { length: options.workers },
    (): Place => ({
      worker: null,
      next: null,
      filling: null,
      restarts: 0,
      quickDeaths: 0,
      timer: null,
    }),
  )
  const current = sentConfig(options.config)
  const crew: Crewing = { options, places, alive: new Set(), current, isEnding: false }
  const serving = (): readonly WorkerProcess[] =>
    places.flatMap(({ worker }) => (worker?.state() === 'ready' ? [worker] : []))
  return {
    start: () => startAll(crew),
    apply: createApply(crew, serving),
    tellAll(message) {
      for (const worker of crew.alive) worker.tell(message)
    },
    roll: createRoll(crew),
    async drain() {
      const isSecond = crew.isEnding
      crew.isEnding = true
      for (const { timer } of places) clearTimeout(timer ?? undefined)
      const all = [...crew.alive]
      for (const worker of all) {
        if (worker.place() === null) worker.kill()
        else if (isSecond || worker.state() !== 'draining') worker.drain()
      }
      await Promise.all(all.map(({ ended }) => ended))
    },
    status: () =>
      [...crew.alive].map((worker) => {
        const place = places.find((each) => each.worker === worker || each.next === worker)
        const since = new Date(worker.sinceMs).toISOString()
        return {
          pid: worker.pid,
          state: worker.state(),
          since,
          revision: worker.revision(),
          restarts: place?.restarts ?? 0,
        }
      }),
    alive: () => [...crew.alive],
    serving,
  }
}

/** Runs in a lane: loads the handlers and serves one request after the other. */
import type { Log } from '../../telemetry/log.ts'
import { serveHandlers } from '../handler.ts'
import { type LoadedHandlers, loadHandlers } from '../handler-module.ts'
import type { LaneLink } from './lane-host.ts'
import {
  type CarriedRequest,
  carryError,
  type FromLane,
  hearBy,
  isUnfit,
  type LaneDriver,
  type LaneTask,
  type Post,
  type Preparing,
  type ToLane,
} from './lane-messages.ts'
import { catchOutput, createLines } from './lane-output.ts'
import { type ServedExchange, serveExchange } from './serve-exchange.ts'
import { createSettlingApp } from './settling-app.ts'

/** What handlers may leave behind (timers, sockets, …) before their lane is made anew. */
const mostLeftovers = 64

/** Lines of the handlers' failures that one request may cost. */
const mostSaid = 8

const createLaneLog = (post: Post<FromLane>): Log & { renew(): void } => {
  let said = 0
  const say = (event: string, { err }: { err?: unknown } = {}): void => {
    said++
    if (said <= mostSaid) post({ is: 'said', event, error: carryError(err) })
  }
  const renew = (): void => {
    said = 0
  }
  return { debug: () => {}, info: () => {}, warn: say, error: say, renew }
}

/** The handlers, and what stands before their database; null: nothing does. */
interface Loaded extends LoadedHandlers {
  readonly driver: LaneDriver | null
}

const loadDriver = async (task: LaneTask): Promise<LaneDriver | null> => {
  const { database, module, databaseUrl, scratch } = task
  if (database === null) return null
  const { createLaneDatabase } = await import(database.module)
  return createLaneDatabase(database.options, { module, databaseUrl, scratch })
}

const load = async (task: LaneTask, driver: LaneDriver | null): Promise<Loaded> => {
  const { module, timeoutMs, role } = task
  const { url: databaseUrl = task.databaseUrl, dialectModule } = driver?.database ?? {}
  const loaded = await loadHandlers(
    module,
    { module, databaseUrl, timeoutMs, concurrency: 1 },
    dialectModule === undefined ? { role } : { role, dialectModule },
  )
  return { ...loaded, driver }
}

const leftovers = (): number => process.getActiveResourcesInfo().length

/** How each request begins and ends: with the driver, and a look at what was left behind. */
const createRests = (driver: LaneDriver | null, post: Post<FromLane>) => {
  const cleanCount = leftovers()
  let prepared: Promise<unknown> = Promise.resolve()
  const prepare = async (of: number, { terms }: Preparing): Promise<boolean> => {
    const result = (await driver?.prepare(terms)) ?? null
    post({ is: 'prepared', of, result })
    return !isUnfit(result)
  }
  return {
    /** Resolves with whether a request may be served. */
    prepare(of: number, preparing: Preparing): Promise<boolean> {
      const isFit = prepare(of, preparing)
      prepared = isFit
      return isFit
    },
    async rest(of: number, isServed: boolean): Promise<void> {
      // Let go before it stood: what it takes after its end would be given back by nobody.
      await prepared
      const report = (await driver?.end(isServed)) ?? null
      const isDirty = leftovers() > cleanCount + mostLeftovers
      post({ is: 'idle', of, report: isServed ? report : null, isDirty })
    },
  }
}

/** Serves until it is told to close. */
const serveLane = (loaded: Loaded, task: LaneTask, { post, hear }: LaneLink): void => {
  const log = createLaneLog(post)
  const { app, settled } = createSettlingApp(loaded.app)
  const limits = { ...task, concurrency: Number.POSITIVE_INFINITY }
  const handlers = serveHandlers({ ...loaded, app }, limits, log)
  const { prepare, rest } = createRests(loaded.driver, post)
  let current: { readonly of: number; readonly exchange: ServedExchange } | null = null

  /** The exchange that nobody wants any more, maybe before it has begun. */
  let stopped: number | null = null
  const begin = (of: number, request: CarriedRequest): void => {
    log.renew()
    // What the handler still does after its answer may read the upload anew.
    const finish = async (): Promise<void> => {
      await settled()
      if (current?.of !== of || !current.exchange.isOver()) return
      current = null
      await rest(of, true)
    }
    const over = (): void => void finish()
    loaded.driver?.begin?.()
    current = { of, exchange: serveExchange(of, request, { send: handlers.send, post, over }) }
  }
  const beginPrepared = async (
    { of, request }: Extract<ToLane, { is: 'request' }>,
    preparing: Preparing,
  ): Promise<void> => {
    const isFit = await prepare(of, preparing)
    if (isFit && stopped !== of) begin(of, request)
    else await rest(of, false)
  }
  const close = async (): Promise<void> => {
    await handlers.close()
    process.exit(0)
  }
  const hearOwn = hearBy<ToLane>({
    request(message) {
      if (message.prepare === undefined) begin(message.of, message.request)
      else void beginPrepared(message, message.prepare)
    },
    prepare: (message) => void prepare(message.of, message),
    stop({ of }) {
      stopped = of
    },
    release: ({ of }) => void rest(of, false),
    ping: () => post({ is: 'pong', heldBytes: process.memoryUsage().arrayBuffers }),
    close: () => void close(),
    exit: () => process.exit(0),
  })
  hear((message) => {
    hearOwn(message)
    if ('of' in message && message.is !== 'request' && current?.of === message.of)
      current.exchange.hear(message)
  })
}

/** Loads what the task names, and serves until it is told to close. */
export const runLane = async (task: LaneTask, link: LaneLink): Promise<void> => {
  const { post } = link
  for (const stream of ['stdout', 'stderr'] as const) {
    const tell = (line: string | null): void => post({ is: 'printed', stream, line })
    catchOutput(
      process[stream],
      createLines(tell, () => performance.now()),
    )
  }
  let driver: LaneDriver | null = null
  try {
    driver = await loadDriver(task)
    serveLane(await load(task, driver), task, link)
    post({ is: 'ready' })
  } catch (thrown) {
    const error = carryError(thrown)
    // Where they load well elsewhere, that is why they do not here; what they threw need not say it.
    const problem = [error.message, driver?.refusals?.() ?? []].flat().join(' ')
    post({ is: 'said', event: 'handlers_missing', error: { ...error, message: problem } })
    post({ is: 'unusable', problem })
    link.close()
  }
}

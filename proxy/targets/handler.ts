/**
 * Handlers in this process. Each request gets a request and a response of its own, so that a handler
 * that is late, throws or is aborted writes into nothing.
 */
import type { HandlersConfig } from '../config/config.ts'
import type { Log } from '../telemetry/log.ts'
import { failure } from './failure.ts'
import { type App, type LoadedHandlers, loadHandlers, routeNamesOf } from './handler-module.ts'
import { HeldRequest } from './held-request.ts'
import { HeldResponse } from './held-response.ts'
import { HeldSocket } from './held-socket.ts'
import type { InboundRequest, Outlook, Send, TargetResponse } from './send.ts'

export interface HandlersOptions {
  readonly log: Log
  /** Given to the handlers for what they ask of others; default: their own. */
  readonly fetch?: typeof fetch
}

export interface Handlers {
  readonly send: Send
  /** Names the code: an input of the epoch. Null where there is none. */
  readonly build: string | null
  /** Why there are no handlers though the config names a module, and the way out; null: all is well. */
  readonly problem: string | null
  /** The names of the application's routes; null where it has no router that tells. */
  routeNames(): string[] | null
  /** Requests whose answer is not over yet. */
  inFlight(): number
  /** Closes what `createApp` opened. Later requests find no handler. Never rejects. */
  close(): Promise<void>
}

type Handle = ReturnType<App['callback']>

/** One request in a handler: what it holds, and how it is stopped. */
interface Held {
  readonly request: HeldRequest
  readonly response: HeldResponse
}

/** Resolves or rejects as a `Send` does; `over` is called once the handler can add nothing more. */
interface Settling {
  readonly resolve: (answer: TargetResponse) => void
  readonly reject: (why: unknown) => void
  readonly over: () => void
  readonly threw: (error: unknown) => void
}

const hold = (inbound: InboundRequest, outlook: Outlook, to: Settling): Held => {
  const socket = new HeldSocket(inbound.peer, (cause) => response.destroy(cause as Error))
  const request = new HeldRequest(inbound, socket, (why) => response.halt(why))
  const response: HeldResponse = new HeldResponse(request, {
    answer: to.resolve,
    fail: to.reject,
    over() {
      if (!response.finished) socket.drop()
      to.over()
    },
    early: outlook.early,
    threw: to.threw,
  })
  return { request, response }
}

/**
 * Halts a response that has no head in time. A handler that waits for the client's upload is given
 * as long again: how slowly a client may send is for the edge to say.
 */
const limitTime = ({ request, response }: Held, timeoutMs: number): (() => void) => {
  let timer: NodeJS.Timeout
  const arm = (): void => {
    timer = setTimeout(() => {
      if (request.awaitsClient) arm()
      else response.halt(failure('http_response_timeout', 'modern', 'unknown'))
    }, timeoutMs)
  }
  arm()
  return () => clearTimeout(timer)
}

/** The `Send` of one application, and how many of its answers are not over. */
const createHandlerSend = (
  app: App,
  { timeoutMs, concurrency }: HandlersConfig,
  log: Log,
): Pick<Handlers, 'send' | 'inFlight'> => {
  let inFlight = 0
  const threw = (error: unknown): void => log.error('handler_failed', { err: error })
  const handle = listenTo(app, threw)
  const run = async ({ request, response }: Held): Promise<void> => {
    try {
      await handle(request, response)
    } catch (error) {
      threw(error)
      response.destroy()
    }
  }
  const send: Send = (inbound, outlook) =>
    new Promise((resolve, reject) => {
      if (inFlight >= concurrency) {
        reject(failure('connection_limit_reached', 'banyan', 'none'))
        return
      }
      inFlight++
      const held = hold(inbound, outlook, {
        resolve(answer) {
          stopClock()
          resolve(answer)
        },
        reject,
        over() {
          inFlight--
          stopClock()
        },
        threw,
      })
      const stopClock = limitTime(held, timeoutMs)
      outlook.onAbort((why) => held.response.halt(why))
      if (!held.response.destroyed) void run(held)
    })
  return { send, inFlight: () => inFlight }
}

/** Koa's own error listener writes to the console and ends nothing; this one logs and ends. */
const listenTo = (app: App, threw: (error: unknown) => void): Handle => {
  if (app.onerror !== undefined) app.off?.('error', app.onerror)
  app.on('error', (error, ctx) => {
    const { headerSent = false, expose = false } = (error ?? {}) as Record<string, unknown>
    if (expose !== true) threw(error)
    // What fails after its head can only break off: Koa leaves it hanging.
    if (headerSent === true && ctx?.res?.writableEnded === false) ctx.res.destroy()
  })
  return app.callback()
}

const missing = failure('handler_missing', 'modern', 'none')

/** Handlers that are not there: every request may go to its fallback. */
const noHandlers = (problem: string | null): Handlers => ({
  send: () => Promise.reject(missing),
  build: null,
  problem,
  routeNames: () => null,
  inFlight: () => 0,
  close: async () => {},
})

/** Serves an application that is already there. */
export const serveHandlers = (
  loaded: LoadedHandlers,
  config: HandlersConfig,
  log: Log,
): Handlers => {
  const { send, inFlight } = createHandlerSend(loaded.app, config, log)
  let isClosed = false
  return {
    send: (request, outlook) => (isClosed ? Promise.reject(missing) : send(request, outlook)),
    build: loaded.build,
    problem: null,
    routeNames: () => routeNamesOf(loaded.app),
    inFlight,
    async close() {
      if (isClosed) return
      isClosed = true
      try {
        await loaded.close()
      } catch (error) {
        log.error('handlers_close_failed', { err: error })
      }
    },
  }
}

/**
 * Loads the handlers that the config names. Never rejects: without them the engine serves all the
 * same, and every request to them fails with `handler_missing`, effect none.
 */
export const createHandlers = async (
  config: HandlersConfig,
  { log, ...given }: HandlersOptions,
): Promise<Handlers> => {
  if (config.module === null) return noHandlers(null)
  try {
    const loaded = await loadHandlers(config.module, config, { ...given, role: 'primary' })
    return serveHandlers(loaded, config, log)
  } catch (error) {
    log.error('handlers_missing', { err: error })
    return noHandlers(error instanceof Error ? error.message : String(error))
  }
}

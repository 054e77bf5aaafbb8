/**
 * The admin listener, and the read-only one for probes. Both on ports of their own: what runs the
 * proxy is never on the listener that clients reach.
 */
import { createServer, type Server } from 'node:http'
import type { AddressConfig } from '../config/config.ts'
import { Koa, type Middleware, Router } from '../edge/koa.ts'
import { listenOn } from '../edge/listen.ts'
import type { Recorder } from '../recording/recorder.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { adminAddressProblem } from './admin-address.ts'
import { type AdminActions, addChangePaths } from './change-paths.ts'
import { addFindingsPaths } from './findings-paths.ts'
import { answerErrors, checkHost, checkOrigin } from './guard.ts'
import { indexPage } from './index-page.ts'
import { addProbePaths } from './probe-paths.ts'
import { addReadPaths } from './read-paths.ts'
import { addRecordPaths } from './record-paths.ts'
import type { ListenerStatus, ProxyStatus } from './status.ts'

export interface AdminOptions {
  readonly admin: AddressConfig
  /** Null: no listener of its own for kubelet and Prometheus. */
  readonly probes: AddressConfig | null
  readonly status: ProxyStatus
  readonly metrics: Metrics
  readonly actions: AdminActions
  /** Absent: this process serves no client, so that it has nothing to record. */
  readonly recorder?: Recorder
  /** Answers first what others know better; absent: this process knows all. */
  readonly ahead?: Middleware
  readonly log: Log
}

export interface Admin {
  /**
   * Opens both listeners; answers from then on, `loading` included.
   *
   * @throws Error that names the key to change, when a port cannot be had
   */
  listen(): Promise<readonly ListenerStatus[]>
  /** Ends connections too: call it last, the probes are asked until the end. */
  close(): Promise<void>
}

const createApp = (metrics: Metrics): Koa => {
  const app = new Koa()
  app.on('error', (error) => metrics.internalError('admin', error))
  app.use(answerErrors(metrics))
  return app
}

const createProbesApp = ({ status, metrics }: AdminOptions): Koa => {
  const router = new Router()
  addProbePaths(router, status, metrics)
  const app = createApp(metrics)
  app.use(router.routes())
  app.use(router.allowedMethods())
  return app
}

const createAdminApp = (options: AdminOptions): Koa => {
  const { admin, status, metrics, actions, log, recorder, ahead } = options
  // Prometheus and kubelet may know this machine by any name.
  const probes = new Router()
  addProbePaths(probes, status, metrics)
  const router = new Router()
  router.get('/', (ctx) => {
    const { version, state } = status.process()
    ctx.type = 'html'
    ctx.body = indexPage(version, state)
  })
  addReadPaths(router, status)
  addFindingsPaths(router, status)
  const changes = { actions, status, metrics, log }
  addChangePaths(router, changes)
  if (recorder !== undefined) addRecordPaths(router, { ...changes, recorder })
  const app = createApp(metrics)
  app.use(probes.routes())
  app.use(checkHost(admin.host))
  app.use(checkOrigin)
  if (ahead !== undefined) app.use(ahead)
  app.use(router.routes())
  app.use(router.allowedMethods())
  return app
}

/** Small limits: nobody has business sending much here. */
const serverOf = (app: Koa): Server =>
  createServer(
    { headersTimeout: 10_000, requestTimeout: 10_000, maxHeaderSize: 16 * 1024 },
    app.callback(),
  )

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** @throws Error when `admin.host` can be reached from other machines: nothing asks who calls */
export const createAdmin = (options: AdminOptions): Admin => {
  const { admin, probes } = options
  const problem = adminAddressProblem(admin)
  if (problem !== null) throw new Error(problem)
  const listeners = [
    { name: 'admin' as const, at: admin, server: serverOf(createAdminApp(options)) },
    ...(probes === null
      ? []
      : [{ name: 'probes' as const, at: probes, server: serverOf(createProbesApp(options)) }]),
  ]
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map(({ server }) => closeServer(server)))
  }
  return {
    async listen() {
      try {
        return await Promise.all(
          listeners.map(async ({ name, at, server }) => ({
            name,
            ...(await listenOn(server, { ...at, exclusive: true }, name)),
          })),
        )
      } catch (error) {
        await close()
        throw error
      }
    },
    close,
  }
}

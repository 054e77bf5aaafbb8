/**
 * What the admin listener of a primary process answers for its workers: put together from all of
 * them where that makes sense, else what one of them says.
 */
import { request } from 'node:http'
import { AdminError } from '../admin/admin-errors.ts'
import { answerJson } from '../admin/answer.ts'
import { etagOf } from '../admin/read-paths.ts'
import type { BreakerStatus, ProcessStatus, RouteStatus, UpstreamStatus } from '../admin/status.ts'
import type { Context, Middleware } from '../edge/koa.ts'
import type { BinlogStatus } from '../shadow/writes/binlog/binlog-status.ts'
import type { StoreStatus } from '../store/store.ts'
import { askAll } from './ask-worker.ts'
import type { Crew } from './crew.ts'
import {
  mergeBinlogs,
  mergeBreakers,
  mergeCounts,
  mergeRoutes,
  mergeUpstreams,
} from './merge-status.ts'
import type { WorkerProcess } from './start-worker.ts'

/** Known to the primary process itself. */
const own = /^\/($|livez$|readyz$|startupz$|metrics$|v1\/kills($|\/)|v1\/config($|[:/]))/

interface RoutesAnswer {
  readonly revision: string
  readonly routes: readonly RouteStatus[]
  readonly upstreams: readonly UpstreamStatus[]
}

type RouteAnswer = RouteStatus & { readonly revision: string; readonly upstreams: readonly [] }

interface StatusAnswer extends ProcessStatus {
  readonly breakers?: readonly BreakerStatus[]
  readonly store?: StoreStatus | null
  readonly binlog?: BinlogStatus | null
}

/** What the primary process says of itself. */
export type PrimaryView = () => ProcessStatus & {
  readonly revision: string
  readonly config: unknown
  readonly kills: unknown
}

const noWorker = (): AdminError => new AdminError('loading', 'No worker serves at this moment.')

const answerRoutes = async (ctx: Context, crew: Crew): Promise<void> => {
  const all = await askAll<RoutesAnswer>(crew.serving(), '/v1/routes')
  const [first] = all
  if (first === undefined) throw noWorker()
  answerJson(ctx, {
    revision: first.revision,
    routes: mergeRoutes(all.map(({ routes }) => routes)),
    upstreams: mergeUpstreams(all.map(({ upstreams }) => upstreams)),
  })
}

const answerRoute = async (ctx: Context, crew: Crew): Promise<void> => {
  const all = await askAll<RouteAnswer>(crew.serving(), ctx.path)
  const [route] = mergeRoutes([all]) as readonly RouteAnswer[]
  if (route === undefined) {
    if (crew.serving().length === 0) throw noWorker()
    throw new AdminError('route_unknown', 'The config in force has none of this id.')
  }
  const { revision, upstreams: _, ...rest } = route
  ctx.set('ETag', etagOf(revision, rest))
  const upstreams = mergeUpstreams(all.map((each) => each.upstreams))
  answerJson(ctx, { revision, ...rest, upstreams })
}

const answerStatus = async (ctx: Context, crew: Crew, view: PrimaryView): Promise<void> => {
  const all = await askAll<StatusAnswer>(crew.serving(), '/v1/status')
  const stores = all.map(({ store = null }) => store)
  answerJson(ctx, {
    ...view(),
    handlersBuild: all.at(-1)?.handlersBuild ?? null,
    certificates: all[0]?.certificates ?? [],
    ...mergeCounts(all),
    breakers: mergeBreakers(all.map(({ breakers = [] }) => breakers)),
    store: stores.find((store) => store?.problem != null) ?? stores[0] ?? null,
    binlog: mergeBinlogs(all.map(({ binlog = null }) => binlog)),
    workers: crew.status(),
  })
}

const passed = ['content-type', 'content-length', 'transfer-encoding', 'if-none-match', 'accept']
const passedBack = ['content-type', 'etag', 'allow']

const linesOf = (headers: Context['req']['headers'], names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])))

/** Hands the request to one worker, and its answer back as it comes. */
const handOver = (ctx: Context, worker: WorkerProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    const { adminUrl = '' } = worker.place() ?? {}
    const { method, url = '/' } = ctx.req
    const headers = linesOf(ctx.req.headers, passed)
    const asked = request(new URL(url, adminUrl), { method, headers, agent: false })
    asked.on('error', () => reject(noWorker()))
    asked.on('response', (answer) => {
      ctx.status = answer.statusCode ?? 500
      ctx.set(linesOf(answer.headers, passedBack) as Record<string, string>)
      ctx.body = answer
      resolve()
    })
    ctx.res.on('close', () => asked.destroy())
    ctx.req.pipe(asked)
  })

type Answer = (ctx: Context, crew: Crew, view: PrimaryView) => Promise<void>

/** What is put together from all workers. */
const merged: readonly (readonly [RegExp, Answer])[] = [
  [/^\/v1\/status$/, answerStatus],
  [/^\/v1\/routes$/, answerRoutes],
  [/^\/v1\/routes\/[^/]+$/, answerRoute],
]

const askFirst: Answer = (ctx, crew) => {
  const [first] = crew.serving()
  if (first === undefined) throw noWorker()
  return handOver(ctx, first)
}

/** Answers all but what the primary process knows itself. */
export const createCrewAdmin =
  (crew: Crew, view: PrimaryView): Middleware =>
  (ctx, next) => {
    const { path, method } = ctx
    if (own.test(path)) return next()
    const reads = method === 'GET' || method === 'HEAD'
    const [, answer = askFirst] = (reads && merged.find(([at]) => at.test(path))) || []
    return answer(ctx, crew, view)
  }

/** What the admin API changes, and the question that needs a body. Every change is logged and counted. */
import { readDuration } from '../config/units.ts'
import { isKillScope, type KillScope, killProblem } from '../cutover/kill.ts'
import type { Kills } from '../cutover/kills.ts'
import type { Context, Router } from '../edge/koa.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { AdminError, isAdminError } from './admin-errors.ts'
import { answerJson, answerProblem } from './answer.ts'
import { type JsonObject, readJson, stringOf } from './json-body.ts'
import { shownKill } from './read-paths.ts'
import type { ProxyStatus } from './status.ts'

/** A request that somebody asks about, without sending it. */
export interface Question {
  readonly method: string
  readonly url: string
  /** Lines as on the wire: name, value, name, value. */
  readonly headers: readonly string[]
  /** Caller key to assume; null: what the headers say. */
  readonly key: string | null
}

export interface ReloadOutcome {
  readonly result: 'applied' | 'unchanged' | 'rejected'
  /** The revision in force afterwards. */
  readonly revision: string
  readonly diagnostics: readonly unknown[]
  /** Keys that changed in the file and wait for a restart. */
  readonly needsRestart?: readonly string[]
}

export interface AdminActions {
  /** Reads the config file now, instead of when the watch sees it. */
  readonly reload: () => Promise<ReloadOutcome>
  /** Answers as the router and `choose` would; anything that is JSON. */
  readonly explain: (question: Question) => unknown
  readonly kills: Kills
}

export interface ChangeOptions {
  readonly actions: AdminActions
  readonly status: ProxyStatus
  readonly metrics: Metrics
  readonly log: Log
}

type Action = 'kill' | 'lift' | 'reload' | 'record' | 'stop_recording'

/** Every combination is exposed at zero, so that `increase` sees the first change. */
const results: Readonly<Record<Action, readonly string[]>> = {
  kill: ['done', 'refused', 'failed'],
  lift: ['done', 'refused', 'failed'],
  reload: ['applied', 'unchanged', 'rejected', 'refused', 'failed'],
  record: ['done', 'refused', 'failed'],
  stop_recording: ['done', 'refused', 'failed'],
}

const durationOf = (body: JsonObject): number => {
  const { for: text, forMs } = body
  if (typeof forMs === 'number') return forMs
  const ms = typeof text === 'string' ? readDuration(text) : null
  if (ms === null) throw new AdminError('invalid_request', '"for" must be a duration such as "2h".')
  return ms
}

/** A scope that names something that is there: a kill of a misspelt route would calm nobody. */
const scopeOf = (body: JsonObject, status: ProxyStatus): KillScope => {
  const scope = stringOf(body, 'scope')
  if (!isKillScope(scope)) {
    throw new AdminError(
      'invalid_request',
      'A scope is "all", "shadow", "route:ID" or "upstream:NAME".',
    )
  }
  if (scope === 'all' || scope === 'shadow') return scope
  const { routes, upstreams } = status.config()
  const name = scope.slice(scope.indexOf(':') + 1)
  if (scope.startsWith('route:') && !routes.some(({ id }) => id === name)) {
    throw new AdminError('route_unknown', 'The config in force has no route of this id.')
  }
  const isUpstream = name === 'handlers' || Object.hasOwn(upstreams, name)
  if (scope.startsWith('upstream:') && !isUpstream) {
    throw new AdminError('invalid_request', 'The config in force has no upstream of this name.')
  }
  return scope
}

const questionOf = (body: JsonObject): Question => {
  const { headers = {}, key = null } = body
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw new AdminError('invalid_request', '"headers" must be an object of strings.')
  }
  if (key !== null && typeof key !== 'string') {
    throw new AdminError('invalid_request', '"key" must be a string.')
  }
  const lines = Object.entries(headers).flatMap(([name, value]) => [name, String(value)])
  const method = stringOf(body, 'method').toUpperCase()
  const url = stringOf(body, 'url')
  if (!url.startsWith('/')) throw new AdminError('invalid_request', '"url" must start with "/".')
  return { method, url, headers: lines, key }
}

/** Runs a change that answers what came of it, and tells that. */
export type Witness = (ctx: Context, action: Action, change: () => Promise<string>) => Promise<void>

/** Counts and logs what became of a change. */
export const createWitness = ({
  metrics,
  log,
}: Pick<ChangeOptions, 'metrics' | 'log'>): Witness => {
  for (const [action, each] of Object.entries(results)) {
    for (const result of each) metrics.counter('admin_requests_total', { action, result })
  }
  return async (ctx: Context, action: Action, change: () => Promise<string>): Promise<void> => {
    const tell = (result: string): void => {
      metrics.counter('admin_requests_total', { action, result }).value += 1
      log.info('admin_change', { action, result, client: ctx.req.socket.remoteAddress ?? null })
    }
    try {
      tell(await change())
    } catch (error) {
      tell(isAdminError(error) ? 'refused' : 'failed')
      throw error
    }
  }
}

const addKillPaths = (router: Router, options: ChangeOptions): void => {
  const { status, actions } = options
  const { kills } = actions
  const witness = createWitness(options)
  router.post('/v1/kills', (ctx) =>
    witness(ctx, 'kill', async () => {
      const body = await readJson(ctx)
      const scope = scopeOf(body, status)
      const order = { scope, reason: stringOf(body, 'reason'), forMs: durationOf(body) }
      const problem = killProblem(order)
      if (problem !== null) throw new AdminError('invalid_request', `${problem}.`)
      const { kill, survivesRestart } = await kills.kill(order)
      answerJson(ctx, { kill: kill && shownKill(kill), survivesRestart }, 201)
      return 'done'
    }),
  )
  router.delete('/v1/kills/:scope', (ctx) =>
    witness(ctx, 'lift', async () => {
      const scope = ctx.params.scope ?? ''
      const lifted = isKillScope(scope) ? await kills.lift(scope) : null
      if (lifted === null || lifted.kill === null) {
        throw new AdminError('kill_unknown', 'No kill of this scope is in force.')
      }
      answerJson(ctx, { lifted: shownKill(lifted.kill), survivesRestart: lifted.survivesRestart })
      return 'done'
    }),
  )
}

export const addChangePaths = (router: Router, options: ChangeOptions): void => {
  const { actions } = options
  const witness = createWitness(options)
  addKillPaths(router, options)
  // The colon is part of the path, not the start of a parameter.
  router.post('/v1/config\\:reload', (ctx) =>
    witness(ctx, 'reload', async () => {
      await readJson(ctx)
      const outcome = await actions.reload()
      if (outcome.result !== 'rejected') {
        answerJson(ctx, outcome)
        return outcome.result
      }
      const { revision, diagnostics } = outcome
      const more = { revision, diagnostics }
      answerProblem(ctx, new AdminError('config_rejected', 'The file has errors.', more))
      return 'rejected'
    }),
  )
  router.post('/v1/explain', async (ctx) => {
    answerJson(ctx, await actions.explain(questionOf(await readJson(ctx))))
  })
}

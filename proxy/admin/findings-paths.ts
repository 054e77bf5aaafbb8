/** What comparisons have shown, for whoever asks. `banyan diffs|show|suggest-rules` print the same. */
import { outcomes } from '../compare/outcome.ts'
import { rulesOf } from '../compare/rules-of.ts'
import type { Context, Router } from '../edge/koa.ts'
import type { Exemplar } from '../shadow/finding.ts'
import type { ExemplarQuery } from '../store/store.ts'
import { exemplarText } from '../store/stored-json.ts'
import { AdminError } from './admin-errors.ts'
import { answerJson } from './answer.ts'
import { assertLoaded } from './read-paths.ts'
import type { ProxyStatus } from './status.ts'

/** An exchange as a line of a list. */
export interface ExemplarLine {
  readonly id: string
  readonly at: string
  readonly method: string
  readonly url: string
  readonly outcome: Exemplar['outcome']
  readonly reason: string | null
  readonly confirmed: boolean
  readonly severity: string | null
  /** Places that differ and that nothing overlooks. */
  readonly places: readonly string[]
  /** What the shadow was refused. */
  readonly egress: readonly string[]
}

const mostListed = 200

const lineOf = (exemplar: Exemplar): ExemplarLine => {
  const { id, at, request, outcome, reason, confirmed, comparison, egress = [] } = exemplar
  const patterns = comparison?.differences.map(({ pattern }) => pattern) ?? []
  return {
    ...{ id, at: new Date(at).toISOString(), method: request.method, url: request.url },
    ...{ outcome, reason, confirmed, severity: comparison?.severity ?? null },
    places: [...new Set(patterns)],
    egress: egress.map(({ what }) => what),
  }
}

const isOutcome = (text: string): text is Exemplar['outcome'] => Object.hasOwn(outcomes, text)

const one = (value: string | string[] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null

/** @throws AdminError for what makes no sense */
const queryOf = (ctx: Context, route: string): ExemplarQuery => {
  const [outcome, pattern, limit] = ['outcome', 'place', 'limit'].map((name) =>
    one(ctx.query[name]),
  )
  if (outcome != null && !isOutcome(outcome)) {
    const known = Object.keys(outcomes).join(', ')
    throw new AdminError('invalid_request', `"outcome" is one of ${known}.`)
  }
  const count = limit == null ? 20 : Number(limit)
  if (!Number.isInteger(count) || count < 1 || count > mostListed) {
    throw new AdminError('invalid_request', `"limit" is a number from 1 to ${mostListed}.`)
  }
  return {
    ...{ route, limit: count },
    ...(outcome == null ? {} : { outcome }),
    ...(pattern == null ? {} : { pattern }),
  }
}

/** @throws AdminError where the config in force has no such route */
const routeOf = (ctx: Context, status: ProxyStatus): string => {
  assertLoaded(status)
  const id = String(ctx.params.id ?? '')
  if (status.config().routes.some((route) => route.id === id)) return id
  throw new AdminError('route_unknown', 'The config in force has none of this id.')
}

/** @throws AdminError where it is not known whether there is one, and where there is none */
const exemplarOf = async (ctx: Context, { findings }: ProxyStatus): Promise<Exemplar> => {
  const [id, route] = [String(ctx.params.exemplar ?? ''), one(ctx.query.route) ?? undefined]
  const found = await findings.exemplar(id, route).catch((error: Error) => {
    throw new AdminError('store_away', `${error.message}.`)
  })
  if (found !== null) return found
  throw new AdminError('exemplar_unknown', 'Nothing of this id is kept, or no longer.')
}

export const addFindingsPaths = (router: Router, status: ProxyStatus): void => {
  const { findings } = status
  router.get('/v1/routes/:id/diffs', async (ctx) => {
    const route = routeOf(ctx, status)
    // Not shadowed is an answer: there is nothing to be shown.
    answerJson(ctx, { route, diffs: await findings.diffs(route) })
  })
  router.get('/v1/routes/:id/exemplars', async (ctx) => {
    const route = routeOf(ctx, status)
    const found = await findings.exemplars(queryOf(ctx, route))
    answerJson(ctx, { route, exemplars: found.map(lineOf) })
  })
  router.get('/v1/routes/:id/suggested-rules', async (ctx) => {
    answerJson(ctx, await findings.suggestions(routeOf(ctx, status)))
  })
  router.get('/v1/exemplars/:exemplar', async (ctx) => {
    const found = await exemplarOf(ctx, status)
    const { routes } = status.config()
    const route = routes.find(({ id }) => id === found.route)
    const rules = route === undefined ? [] : rulesOf(status.config(), route)
    const whys = rules.map(({ id, why }) => [id, why])
    answerJson(ctx, { ...JSON.parse(exemplarText(found)), rules: Object.fromEntries(whys) })
  })
}

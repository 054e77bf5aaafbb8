/** What the admin API shows. Nothing here changes anything. */
import { createHash } from 'node:crypto'
import type { Kill } from '../cutover/kill.ts'
import type { Router } from '../edge/koa.ts'
import { redactUrl } from '../telemetry/redact-url.ts'
import { AdminError } from './admin-errors.ts'
import { answerJson } from './answer.ts'
import { redactConfig } from './redact.ts'
import type { KillStatus, ProxyStatus, RouteStatus, UpstreamStatus } from './status.ts'

/** Names what the config says of a route and who answers it; its counters are not part of it. */
export const etagOf = (
  revision: string,
  { traffic: _, breakers: __, evidence: ___, ...rest }: RouteStatus,
): string => {
  const hash = createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 12)
  return `W/"${revision}-${hash}"`
}

const upstreamOf = ({ addresses, ...rest }: UpstreamStatus): unknown => ({
  ...rest,
  addresses: addresses.map((each) => ({ ...each, url: redactUrl(each.url) })),
})

export const shownKill = ({ scope, reason, sinceMs, untilMs }: Kill): KillStatus => ({
  scope,
  reason,
  since: new Date(sinceMs).toISOString(),
  until: new Date(untilMs).toISOString(),
})

/** @throws AdminError until the first config is in force */
export const assertLoaded = (status: ProxyStatus): void => {
  if (status.process().state !== 'loading') return
  throw new AdminError('loading', 'The process has just started.')
}

const addRoutePaths = (router: Router, status: ProxyStatus): void => {
  router.get('/v1/routes', async (ctx) => {
    assertLoaded(status)
    await status.findings.refresh()
    const routes = status.routes()
    const upstreams = status.upstreams().map(upstreamOf)
    answerJson(ctx, { revision: status.config().revision, routes, upstreams })
  })
  router.get('/v1/routes/:id', async (ctx) => {
    assertLoaded(status)
    await status.findings.refresh()
    const route = status.route(ctx.params.id ?? '')
    if (route === null)
      throw new AdminError('route_unknown', 'The config in force has none of this id.')
    const { revision } = status.config()
    const names = new Set([route.legacy, route.modern])
    const upstreams = status.upstreams().filter(({ name }) => names.has(name))
    ctx.set('ETag', etagOf(revision, route))
    answerJson(ctx, { revision, ...route, upstreams: upstreams.map(upstreamOf) })
  })
}

export const addReadPaths = (router: Router, status: ProxyStatus): void => {
  addRoutePaths(router, status)
  router.get('/v1/status', (ctx) => {
    const process = status.process()
    if (process.state === 'loading') return answerJson(ctx, { ...process, revision: null })
    const { rejected, ...reload } = status.reloads()
    answerJson(ctx, {
      ...process,
      revision: status.config().revision,
      config: { ...reload, upToDate: rejected === null },
      breakers: status.breakers().filter(({ state }) => state !== 'closed'),
      kills: status.kills().map(shownKill),
      store: status.store(),
      binlog: status.binlog(),
    })
  })
  router.get('/v1/config', (ctx) => {
    assertLoaded(status)
    answerJson(ctx, redactConfig(status.config()))
  })
  router.get('/v1/kills', (ctx) => answerJson(ctx, { kills: status.kills().map(shownKill) }))
  router.get('/v1/config/rejected', (ctx) => {
    answerJson(ctx, { rejected: status.reloads().rejected })
  })
}

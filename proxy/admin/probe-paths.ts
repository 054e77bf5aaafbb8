/**
 * What kubelet and Prometheus ask. None of it depends on an upstream: were it so, an outage of the
 * legacy would restart or unlist the proxy, which is the one thing that still answers.
 */
import type { Router } from '../edge/koa.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { answerJson } from './answer.ts'
import type { ProcessState, ProxyStatus } from './status.ts'

const readiness: Readonly<Record<ProcessState, { readonly status: number; readonly why: string }>> =
  {
    loading: { status: 503, why: 'The first config is not loaded yet.' },
    ready: { status: 200, why: 'A config is loaded and the listener is open.' },
    draining: {
      status: 503,
      why: 'The process finishes its work to exit: send traffic elsewhere.',
    },
  }

export const addProbePaths = (router: Router, status: ProxyStatus, metrics: Metrics): void => {
  router.get('/livez', (ctx) => answerJson(ctx, { alive: true }))
  router.get('/readyz', (ctx) => {
    const { state } = status.process()
    const row = readiness[state]
    answerJson(ctx, { ready: row.status === 200, state, why: row.why }, row.status)
  })
  router.get('/startupz', (ctx) => {
    const started = status.process().state !== 'loading'
    answerJson(ctx, { started }, started ? 200 : 503)
  })
  router.get('/metrics', async (ctx) => {
    const encoding = ctx.acceptsEncodings('gzip', 'identity') === 'gzip' ? 'gzip' : 'identity'
    const page = await metrics.page(encoding)
    ctx.set('Content-Type', metrics.contentType)
    ctx.set('Vary', 'Accept-Encoding')
    if (encoding === 'gzip') ctx.set('Content-Encoding', 'gzip')
    ctx.body = page
  })
}

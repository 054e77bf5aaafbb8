/** How the admin listener writes: nothing that it answers is ever markup that others wrote. */
import type { Context } from '../edge/koa.ts'
import { escapeRisky } from '../telemetry/log-line.ts'
import { type AdminError, adminErrorRow, adminProblem } from './admin-errors.ts'

const write = (ctx: Context, status: number, type: string, value: unknown): void => {
  ctx.status = status
  ctx.type = type
  // Whoever reads this with curl reads it on a terminal.
  ctx.body = `${escapeRisky(JSON.stringify(value, null, 2))}\n`
}

/** Answers a value as JSON. */
export const answerJson = (ctx: Context, value: unknown, status = 200): void =>
  write(ctx, status, 'application/json', value)

export const answerProblem = (ctx: Context, error: AdminError): void =>
  write(ctx, adminErrorRow(error.code).status, 'application/problem+json', adminProblem(error))

/** No sniffing, no caching, no framing, no script: on every answer of the listener. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

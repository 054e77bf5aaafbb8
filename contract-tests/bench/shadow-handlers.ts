/** Handlers that misbehave, each path but `/ok` in a way of its own: what `npm run bench -- shadow` runs. */
import { readFileSync } from 'node:fs'
import Koa from 'koa'
import { smallBody } from './cases.ts'

export const build = 'bench'

/** The variable that names the file with the bomb. */
export const bombFile = 'BANYAN_BENCH_BOMB'

const never = new Promise<never>(() => {})

const spin = (): never => {
  for (;;);
}

const allocate = (): never => {
  const kept: string[][] = []
  for (;;) kept.push(Array.from({ length: 100 }, (_, n) => `${kept.length} ${n}`))
}

const deeds: Readonly<Record<string, (ctx: Koa.Context) => unknown>> = {
  '/ok'(ctx) {
    ctx.set('Content-Type', 'application/json')
    ctx.body = smallBody
  },
  '/hang': () => never,
  '/spin': spin,
  '/allocate': allocate,
  '/exit': () => process.exit(1),
  '/bomb'(ctx) {
    ctx.type = 'application/json'
    ctx.set('Content-Encoding', 'br')
    ctx.body = readFileSync(process.env[bombFile] ?? '')
  },
}

export const createApp = (): { readonly app: Koa; close(): Promise<void> } => {
  const app = new Koa()
  app.use((ctx) => deeds[ctx.path]?.(ctx))
  return { app, close: () => Promise.resolve() }
}

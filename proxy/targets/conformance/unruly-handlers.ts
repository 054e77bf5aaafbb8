/** A handlers module of which every path but one misbehaves in a way of its own. */
import { spawnSync } from 'node:child_process'
import { Koa } from '../../edge/koa.ts'

export const build = 'unruly'

const never = new Promise<never>(() => {})

const spin = (): never => {
  for (;;);
}

const fillHeap = (): never => {
  const kept: string[][] = []
  for (;;) kept.push(Array.from({ length: 100 }, (_, n) => `${kept.length} ${n}`))
}

const fillMemory = (): never => {
  const kept: Buffer[] = []
  for (;;) kept.push(Buffer.alloc(1_000_000, 'x'))
}

const soon = (what: () => void): Promise<never> => {
  setImmediate(what)
  return never
}

const deeds: Readonly<Record<string, (ctx: Koa.Context) => unknown>> = {
  '/hang': () => never,
  '/spin': spin,
  '/heap': fillHeap,
  '/memory': fillMemory,
  '/exit': () => process.exit(1),
  '/throw': () =>
    soon(() => {
      throw new Error('thrown later')
    }),
  '/reject': () => soon(() => void Promise.reject(new Error('rejected later'))),
  '/half-then-spin'(ctx) {
    ctx.respond = false
    ctx.status = 200
    ctx.res.write('half')
    setTimeout(spin, 20)
    return never
  },
  '/half-then-exit'(ctx) {
    ctx.respond = false
    ctx.status = 200
    ctx.res.write('half')
    setTimeout(() => process.exit(0), 20)
    return never
  },
  '/headers'(ctx) {
    ctx.set('X-Much', 'x'.repeat(1_000_000))
    ctx.body = 'x'
  },
  '/hints'(ctx) {
    for (let n = 0; n < 10_000; n++) ctx.res.writeEarlyHints({ link: `</${n}.css>; rel=preload` })
    ctx.body = 'hinted'
  },
  '/huge'(ctx) {
    ctx.body = Buffer.alloc(64_000_000, 'x')
  },
  '/late'(ctx) {
    const { res } = ctx
    ctx.respond = false
    res.end('in time')
    setImmediate(() => res.write('too late'))
  },
  '/timers'(ctx) {
    for (let n = 0; n < 100; n++) setInterval(() => {}, 60_000)
    ctx.body = 'left 100 timers'
  },
  '/prints-and-spins'() {
    process.stdout.write('before the loop\n')
    spin()
  },
  /** Until there is a file `over`. */
  '/waits-in-the-system'({ query: { dir } }) {
    const waiting = ': > "$0/begun"; while [ ! -e "$0/over" ]; do sleep 0.1; done; : > "$0/left"'
    spawnSync('sh', ['-c', waiting, String(dir)])
  },
  '/prints'(ctx) {
    for (let n = 0; n < 1_000; n++) process.stdout.write(`line ${n} \u001b[31m\n`)
    ctx.body = 'printed'
  },
}

/** @param io told by `/io` */
export const createApp = (io: unknown): { app: Koa; close(): Promise<void> } => {
  const app = new Koa()
  app.use(async (ctx) => {
    const deed = deeds[ctx.path]
    if (deed !== undefined) await deed(ctx)
    else ctx.body = ctx.path === '/io' ? io : 'fine'
  })
  return { app, close: async () => {} }
}

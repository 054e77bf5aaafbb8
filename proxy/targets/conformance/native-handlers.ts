/** A handlers module of which every path but a few ruins the whole process, or never leaves native code. */
import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'
import { createConnection } from 'node:net'
import { Koa } from '../../edge/koa.ts'
import { createSqliteModule } from '../../store/sqlite-module.ts'

export const build = 'native'

const { Database, ...flags } = createSqliteModule({ busyTimeoutMs: 1_000 })

const open = (): InstanceType<typeof Database> =>
  new Database(':memory:', flags.OPEN_READWRITE | flags.OPEN_CREATE, () => {})

const numbers = (end: string): string =>
  `WITH RECURSIVE n(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n ${end}) SELECT max(at) FROM n`

const endless = numbers('')

/** Some milliseconds: what is answered is told later, and would fill the heap where there is much of it. */
const long = numbers('WHERE at < 50000')

const deeds: Readonly<Record<string, (ctx: Koa.Context) => unknown>> = {
  '/calls-libsql'() {
    const database = open()
    for (;;) database.all(long)
  },
  '/stays-in-libsql': () => open().all(endless),
  '/buffers'() {
    const kept: Buffer[] = []
    for (;;) kept.push(Buffer.alloc(1_000_000, 'x'))
  },
  '/abort': () => process.abort(),
  '/segv': () => {
    process.kill(process.pid, 'SIGSEGV')
    return new Promise<never>(() => {})
  },
  '/leaves-all-open'() {
    const left = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300)'], {
      stdio: ['ignore', 'inherit', 'inherit', 3],
      detached: true,
    })
    left.once('spawn', () => process.exit(0))
    return new Promise<never>(() => {})
  },
  '/chdir'(ctx) {
    process.chdir('/')
    ctx.body = process.cwd()
  },
  '/writes'(ctx) {
    writeSync(2, 'said by native code\n')
    ctx.body = 'written'
  },
  '/pid'(ctx) {
    ctx.body = String(process.pid)
  },
}

/** @param io its database's url, where there is one, is a port that it stays connected to */
export const createApp = (io: {
  readonly database: { readonly url?: string }
}): { app: Koa; close(): Promise<void> } => {
  const { url } = io.database
  if (url !== undefined) createConnection(Number(url), '127.0.0.1').on('error', () => {})
  const app = new Koa()
  app.use(async (ctx) => {
    const deed = deeds[ctx.path]
    if (deed !== undefined) await deed(ctx)
    else ctx.body = 'fine'
  })
  return { app, close: async () => {} }
}

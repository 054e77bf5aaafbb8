/**
 * Handlers that are wrong on purpose, so that there is something to be found: the mistakes that
 * rewrites of PHP in JavaScript really make. Nothing but the demo loads this module.
 */
import { fileURLToPath } from 'node:url'
import { type AppIo, type ConduitApp, createApp as createConduit } from '../../routes/app.ts'

interface Stats {
  readonly views: string
  readonly tags?: unknown
}

interface Article {
  readonly tagList: readonly string[]
  readonly createdAt: string
  readonly favoritesCount: number
}

type Change<Body> = (body: Body) => Body
type Named<Body> = Readonly<Record<string, Change<Body>>>

const stats: Named<Stats> = {
  /** A BIGINT as a JavaScript number: the last digit is lost. */
  bigint: (body) => ({ ...body, views: String(Number(body.views)) }),
  /** PHP writes an empty map as `[]`. */
  emptyMap: (body) =>
    Array.isArray(body.tags) && body.tags.length === 0 ? { ...body, tags: {} } : body,
}

const article: Named<Article> = {
  /** A list that is read back in another order. */
  order: (body) => ({ ...body, tagList: body.tagList.toReversed() }),
  /** A time without its milliseconds. */
  time: (body) => ({ ...body, createdAt: body.createdAt.replace('.000Z', 'Z') }),
  /** The planted bug: what counts one too many as soon as there is anything to count. */
  count: (body) =>
    body.favoritesCount > 0 ? { ...body, favoritesCount: body.favoritesCount + 1 } : body,
}

/** Names of the mistakes, divided by commas. Without it every handler is right. */
const flag = 'DEMO_DIFFERENCES'

/** What makes Banyan load this module with all of its mistakes. */
export const differing: Readonly<Record<string, string>> = {
  BANYAN_HANDLERS: fileURLToPath(import.meta.url),
  [flag]: [...Object.keys(stats), ...Object.keys(article)].join(','),
}

const changed = <Body>(body: Body, changes: Named<Body>, names: ReadonlySet<string>): Body =>
  Object.entries(changes).reduce(
    (before, [name, change]) => (names.has(name) ? change(before) : before),
    body,
  )

/** The worked example's handlers, changed as the flag says. */
export const createApp = (io: AppIo): ConduitApp => {
  const names = new Set((process.env[flag] ?? '').split(','))
  const made = createConduit(io)
  // Before the router: its layers stay where Banyan looks for them.
  made.app.middleware.unshift(async (ctx, next) => {
    await next()
    if (ctx.status !== 200 || ctx.method !== 'GET') return
    if (ctx.path === '/api/stats') ctx.body = changed(ctx.body as Stats, stats, names)
    const body = ctx.body as { readonly article?: Article }
    if (/^\/api\/articles\/[^/]+$/.test(ctx.path) && body.article !== undefined)
      ctx.body = { ...body, article: changed(body.article, article, names) }
  })
  return made
}

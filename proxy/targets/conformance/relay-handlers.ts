/** A handlers module whose handler does what a script in another thread says, over a channel. */
import { Koa } from '../../edge/koa.ts'
import { nodeScript } from './node-script.ts'
import { relayed } from './relay.ts'

export const build = 'relay'

/** @param io its database's url names the channel */
export const createApp = (io: {
  readonly database: { readonly url: string }
}): { app: Koa; close(): Promise<void> } => {
  const app = new Koa()
  const listener = nodeScript(relayed(io.database.url))
  app.use((ctx) => {
    ctx.respond = false
    listener(ctx.req, ctx.res)
  })
  return { app, close: async () => {} }
}

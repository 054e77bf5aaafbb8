/** A handlers module whose handler does what the script of a test says. */
import { Koa } from '../../edge/koa.ts'
import { nodeScript } from './node-script.ts'
import { relayed } from './relay.ts'

export const build = 'relay'

/** @param io its database's url is the port of the test's relay */
export const createApp = async (io: {
  readonly database: { readonly url: string }
}): Promise<{ app: Koa; close(): Promise<void> }> => {
  const app = new Koa()
  const listener = nodeScript(await relayed(Number(io.database.url)))
  app.use((ctx) => {
    ctx.respond = false
    listener(ctx.req, ctx.res)
  })
  return { app, close: async () => {} }
}

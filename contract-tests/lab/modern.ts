import { createServer } from 'node:http'
import { createApp } from '../../routes/app.ts'
import type { SessionReader } from '../../routes/site/sessions.ts'

/** The rewritten handlers alone, without Banyan, as `routes/server.ts` runs them. */
export interface Modern {
  readonly url: string
  /** What the app told its `error` event so far. */
  readonly failures: readonly unknown[]
  close(): Promise<void>
}

/**
 * @param databaseUrl of a migrated database
 * @param io `sessions`, for the pages
 */
export const startModern = async (
  databaseUrl: string,
  jwtSecret: string,
  io: { readonly sessions?: SessionReader } = {},
): Promise<Modern> => {
  const { app, close } = createApp(
    { ...io, database: { url: databaseUrl }, role: 'primary' },
    { JWT_SECRET: jwtSecret, BCRYPT_COST: '4' },
  )
  const failures: unknown[] = []
  app.on('error', (error) => failures.push(error))
  const server = createServer(app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    failures,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await close()
    },
  }
}

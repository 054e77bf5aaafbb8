import { createServer } from 'node:http'
import { createApp } from '../../routes/app.ts'

/** The rewritten handlers alone, without Banyan, as `routes/server.ts` runs them. */
export interface Modern {
  readonly url: string
  close(): Promise<void>
}

/** @param databaseUrl of a migrated database */
export const startModern = async (databaseUrl: string, jwtSecret: string): Promise<Modern> => {
  const { app, close } = await createApp(
    { database: { url: databaseUrl }, role: 'primary' },
    { JWT_SECRET: jwtSecret, BCRYPT_COST: '4' },
  )
  const server = createServer(app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await close()
    },
  }
}

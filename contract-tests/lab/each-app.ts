import { createServer, type Server } from 'node:http'
import { SignJWT } from 'jose'
import supertest from 'supertest'
import { type ConduitApp, createApp } from '../../routes/app.ts'
import { describeEachDatabase } from './each-database.ts'
import type { Probe } from './native.ts'
import { fillTiny } from './tiny-data.ts'

const methods = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const

type Method = keyof typeof methods

const secret = 'a secret that only tests share'

/** The rewritten handlers over the rows of tiny-data.ts. Members work in hooks and tests only. */
export interface AppUnderTest {
  get(path: string, headers?: Readonly<Record<string, string>>): supertest.Test
  /**
   * @param request a method and a path, as in `DELETE /api/articles/x`
   * @param body sent as JSON, or as it stands when it is text
   */
  send(
    request: `${Method} ${string}`,
    headers?: Readonly<Record<string, string>>,
    body?: unknown,
  ): supertest.Test
  /** What the app told its `error` event so far. */
  readonly failures: readonly unknown[]
}

/** An `Authorization` header for these claims. */
export const authorize = async (
  claims: Record<string, unknown>,
  key: string = secret,
): Promise<Record<string, string>> => {
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' })
  return { authorization: `Token ${await token.sign(new TextEncoder().encode(key))}` }
}

/** Describes a suite once for each database, against `createApp` on a port of its own. */
export const describeEachApp = (
  title: string,
  mariadb: Probe,
  suite: (app: AppUnderTest) => void,
): void => {
  describeEachDatabase(title, mariadb, (lab) => {
    const failures: unknown[] = []
    let conduit: ConduitApp | null = null
    let server: Server | null = null
    before(async () => {
      await fillTiny(lab().url)
      const io = { database: { url: lab().url }, role: 'primary' } as const
      conduit = createApp(io, { JWT_SECRET: secret, BCRYPT_COST: '4' })
      conduit.app.on('error', (error) => failures.push(error))
      server = createServer(conduit.app.callback()).listen(0, '127.0.0.1')
    })
    after(async () => {
      server?.close()
      await conduit?.close()
    })
    const ask = (): ReturnType<typeof supertest> => {
      if (server === null) throw new TypeError('the app is there only while tests run')
      return supertest(server)
    }
    suite({
      failures,
      get: (path, headers = {}) => ask().get(path).set(headers),
      send(request, headers = {}, body) {
        const [method, path] = request.split(' ') as [Method, string]
        const call = ask()[methods[method]](path).set(headers)
        if (body === undefined) return call
        const text = typeof body === 'string' ? body : JSON.stringify(body)
        return call.set('content-type', 'application/json').send(text)
      },
    })
  })
}

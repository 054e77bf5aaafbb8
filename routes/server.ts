/**
 * `node dist/routes/server.js`: the rewritten API on its own, without a proxy in front. The pages
 * need whoever can read the legacy's sessions, so they are not part of it.
 */
import { realpathSync } from 'node:fs'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, type Environment } from './app.ts'

export interface ServerOptions {
  /** 0: one that the kernel gives. */
  readonly port: number
  readonly host: string
  /** For `createApp`. */
  readonly env: Environment
  /** How long requests in flight may take after `close`, ms. */
  readonly graceMs: number
  /** Takes one event, to be written as one line of JSON. */
  readonly log: (event: Readonly<Record<string, unknown>>) => void
}

export interface RunningServer {
  readonly port: number
  /** Stops accepting, answers what is in flight, closes the database. May be called twice. */
  close(): Promise<void>
}

const answer = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' })
  response.end(`${text}\n`)
}

/** Rejects when the port is taken, throws what `createApp` throws. */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { port, host, env, graceMs, log } = options
  const { app, ready, close: closeApp } = createApp({ role: 'primary' }, env)
  app.on('error', (error: unknown) => log({ event: 'request_failed', error: String(error) }))
  const handle = app.callback()
  let closing: Promise<void> | null = null

  const readyz: RequestListener = (_, response) => {
    if (closing !== null) return answer(response, 503, 'shutting down')
    ready().then(
      () => answer(response, 200, 'ready'),
      () => answer(response, 503, 'the database cannot be reached'),
    )
  }
  const probes: Readonly<Record<string, RequestListener>> = {
    '/livez': (_, response) => answer(response, 200, 'alive'),
    '/readyz': readyz,
  }
  const inFlight = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    inFlight.add(response)
    response.once('close', () => inFlight.delete(response))
    if (closing !== null) response.shouldKeepAlive = false
    const probe = probes[request.url ?? ''] ?? handle
    probe(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const shutDown = async (): Promise<void> => {
    // Else their connections would stay for another request until they are idle for too long.
    for (const response of inFlight) response.shouldKeepAlive = false
    const late = setTimeout(() => server.closeAllConnections(), graceMs)
    await new Promise((resolve) => server.close(resolve))
    clearTimeout(late)
    await closeApp()
  }
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      closing ??= shutDown()
      return closing
    },
  }
}

const wantedPort = (text: string): number => {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw new TypeError(`PORT must be a number from 0 to 65535, not "${text}"`)
}

const main = async (): Promise<void> => {
  const { env } = process
  const { PORT = '3000', HOST: host = '127.0.0.1', JWT_SECRET } = env
  if (JWT_SECRET === undefined) throw new TypeError('JWT_SECRET is not set: the legacy has it, too')
  const log: ServerOptions['log'] = (event) =>
    void process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`)
  const server = await startServer({ port: wantedPort(PORT), host, env, graceMs: 10_000, log })
  log({ event: 'listening', host, port: server.port })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log({ event: 'shutting_down', signal })
      void server.close()
    })
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}

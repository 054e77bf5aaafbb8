/** An exchange on loopback, stopped where undici 7's parser has its faults. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { type Connect, createConnector, parseOrigin } from './connector.ts'
import { createHttpPool } from './http.ts'
import type { Wire, WireExchange } from './wire.ts'

/** What the guard knows of undici's parser. */
export interface Parser {
  readonly ptr: number | null
  readonly socket: Socket
  readonly llhttp: { llhttp_resume(ptr: number): void }
  paused: boolean
  execute(bytes: Uint8Array): void
  /** At the end of a connection: an error where that is not the end of an answer. */
  finish(): Error | null
}

/** undici keeps the parser at the socket, under a symbol of its own. */
const parserOf = (socket: Socket): Parser | null => {
  const held = socket as unknown as Record<symbol, Parser | null>
  const key = Object.getOwnPropertySymbols(socket).find((each) => each.description === 'parser')
  return key === undefined ? null : (held[key] ?? null)
}

/** An answer on loopback whose body has begun, and will end with its connection. */
export interface Trial {
  readonly parser: Parser
  readonly origin: Socket
  readonly over: Promise<'ended' | 'failed'>
}

const begin = async (pool: Wire, isPaused: boolean): Promise<Pick<Trial, 'over'>> => {
  let settle: (outcome: 'ended' | 'failed') => void = () => {}
  const over = new Promise<'ended' | 'failed'>((resolve) => {
    settle = resolve
  })
  await new Promise<void>((resolve, reject) => {
    let begun: WireExchange | null = null
    pool.dispatch(
      {
        method: 'GET',
        path: '/',
        headers: [],
        framing: 'none',
        body: null,
        expectsContinue: false,
        trailers: () => [],
        needsFresh: false,
      },
      {
        begun(given) {
          begun = given
        },
        sent() {},
        heard() {},
        early() {},
        head() {},
        data() {
          if (isPaused) begun?.pause()
          // The parser is paused once it has returned from here.
          setImmediate(resolve)
        },
        ended: () => settle('ended'),
        failed(error) {
          settle('failed')
          reject(error)
        },
      },
    )
  })
  return { over }
}

/**
 * @param isPaused whether the body is paused
 * @returns what `judge` says of it; null where undici keeps its parser somewhere else
 */
export const onTrial = async (
  isPaused: boolean,
  judge: (trial: Trial) => Promise<boolean>,
): Promise<boolean | null> => {
  const origins: Socket[] = []
  const server = createServer((socket) => {
    origins.push(socket.on('error', () => {}))
    socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nx')
  })
  server.listen({ port: 0, host: '127.0.0.1', exclusive: true })
  await once(server, 'listening')
  const at = parseOrigin(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const sockets: Socket[] = []
  const connect: Connect = (done) =>
    createConnector(
      at,
      5_000,
    )((error, socket) => {
      if (socket !== null) sockets.push(socket)
      done(error, socket)
    })
  const pool = createHttpPool(at, {
    connections: 1,
    keepAliveMs: 1_000,
    connect,
    now: () => performance.now(),
  })
  try {
    const begun = await begin(pool, isPaused)
    const [socket] = sockets
    const [origin] = origins
    const parser = socket === undefined ? null : parserOf(socket)
    if (parser === null || origin === undefined || typeof parser.finish !== 'function') return null
    return await judge({ ...begun, parser, origin })
  } finally {
    await pool.close()
    for (const origin of origins) origin.destroy()
    server.close()
  }
}

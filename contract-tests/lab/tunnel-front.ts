/** A server that tunnels every upgrade, and bare clients for it. For tests. */
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { inbound } from '../../proxy/targets/conformance/exchange.ts'
import { createTunnel, type Tunnel } from '../../proxy/targets/tunnel.ts'
import type { TunnelEvents, TunnelObservation } from '../../proxy/targets/tunnel-join.ts'
import { type UpstreamChanges, upstreamConfig } from './upstream-config.ts'

export interface Front {
  readonly port: number
  readonly tunnel: Tunnel
  /** What became of the upgrades, in the order in which they came. */
  readonly seen: readonly Promise<TunnelObservation>[]
  /** What was heard of them meanwhile: the status of an answer, or the code of a failure. */
  readonly heard: readonly (number | string)[]
  /** A bare client that has made its offer. */
  knock(): Socket
  close(): Promise<void>
}

export const offer: string =
  `GET //chat/../a?b=%zz HTTP/1.1\r\nHost: a\r\nX-MiXed: 1\r\nCookie: a=1\r\nConnection: keep-alive, Upgrade\r\n` +
  'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

export const accepted: string =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Set-Cookie: a=1\r\nSet-Cookie: b=caf\u00e9\r\nX-MiXed: 1\r\n\r\n'

export const createFront = async (url: string, changes: UpstreamChanges = {}): Promise<Front> => {
  const io = { pseudonym: 'banyan-test', now: () => performance.now() }
  const tunnel = createTunnel(upstreamConfig(url, changes), io)
  const seen: Promise<TunnelObservation>[] = []
  const heard: (number | string)[] = []
  const events: TunnelEvents = {
    answered: (status) => heard.push(status),
    failed: ({ code }) => heard.push(code),
  }
  const server: Server = createServer()
  server.on('upgrade', (message, socket: Socket, head) => {
    const request = inbound({ url: message.url ?? '', headers: message.rawHeaders })
    seen.push(tunnel.join('legacy', { request, message, socket, head }, events))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    tunnel,
    seen,
    heard,
    knock() {
      const client = connect(port, '127.0.0.1')
      client.write(offer)
      return client
    },
    async close() {
      tunnel.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

/** All that a bare client hears until its connection ends. */
export const hear = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = []
  socket.on('data', (bytes: Buffer) => chunks.push(bytes))
  socket.on('error', () => {})
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

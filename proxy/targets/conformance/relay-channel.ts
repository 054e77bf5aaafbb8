/** Carries messages between a test and the handlers of its lanes, whatever those run in. */
import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { createFrameReader, frameOf } from '../lanes/lane-frames.ts'

export interface RelayChannel {
  /** Each of the other ends hears it. */
  post(message: unknown): void
  close(): void
}

const join = (socket: Socket, hear: (message: unknown) => void): void => {
  const { read } = createFrameReader(hear)
  socket.setNoDelay(true)
  socket.on('data', read)
  socket.on('error', () => {})
}

/** The handlers' end. @param port of the test's end */
export const joinRelay = async (
  port: number,
  hear: (message: unknown) => void,
): Promise<RelayChannel> => {
  const socket = createConnection(port, '127.0.0.1')
  join(socket, hear)
  await once(socket, 'connect')
  return { post: (message) => socket.write(frameOf(message)), close: () => socket.destroy() }
}

/** The test's end. */
export const openRelay = async (
  hear: (message: unknown) => void,
): Promise<RelayChannel & { readonly port: number }> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    join(socket, hear)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    post(message) {
      const frame = frameOf(message)
      for (const socket of sockets) socket.write(frame)
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

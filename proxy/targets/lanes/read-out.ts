/** The last words of a process: what lies in its pipes once it has ended. */
import type { Socket } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'

/** How long they may take: who has inherited a pipe keeps it open. */
const longestMs = 500

const closeOf = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })

/** Resolves once all of it has been read, or could have been; then they are closed. Never rejects. */
export const readOut = async (sockets: readonly Socket[]): Promise<void> => {
  for (const socket of sockets) socket.on('error', () => {})
  await Promise.race([Promise.all(sockets.map(closeOf)), after(longestMs, null, { ref: false })])
  for (const socket of sockets) socket.destroy()
}

/** How a tunnel is ended from here: for its silence, or because the process ends. */
import type { Socket } from 'node:net'
import { failure } from './failure.ts'
import { closeToClient, closeToServer } from './tunnel-frames.ts'
import type { Join } from './tunnel-join.ts'
import type { Watched } from './watch.ts'

/** How long both sides may take to hear that it is over. */
const lingerMs = 500

/**
 * Tells both sides that it is over, and lets go of them once they know, or after half a second. A
 * WebSocket is told so by a Close frame wherever no frame is cut by it; the end of the connection
 * tells everybody else.
 */
export const part = (join: Join, ending: 'idle' | 'drain'): void => {
  const { upstream, frames, call } = join
  const { socket } = call
  join.ending ??= ending
  if (upstream === null) {
    socket.destroy()
    return
  }
  socket.unpipe(upstream)
  upstream.unpipe(socket)
  const end = (to: Socket, goodbye: Buffer | null): void => {
    // Nobody wants the rest; and who does not read does not hear the other's end.
    to.resume()
    if (goodbye !== null && to.writable) to.write(goodbye)
    to.end()
  }
  const isPolite = frames !== null
  end(upstream, isPolite && frames.client.isBetween() ? closeToServer : null)
  end(socket, isPolite && frames.upstream.isBetween() ? closeToClient : null)
  clearTimeout(join.timer)
  join.timer = setTimeout(() => {
    upstream.destroy()
    socket.destroy()
  }, lingerMs)
}

/** What a socket has carried, both ways, as far as that is known here. */
const carried = ({ bytesRead, bytesWritten, writableLength }: Socket): number =>
  bytesRead + bytesWritten - writableLength

/** How long an upgrade may carry nothing, as far as it has come; null: other limits hold. */
const patienceOf = ({ headMs, limits, upstream, call }: Join): number | null => {
  if (headMs === null) return null
  const isWhole = upstream?.readableEnded === false && !call.socket.readableEnded
  return isWhole ? (limits.tunnelIdleMs ?? null) : limits.idleMs
}

/** Looks whether anything still moves: no tunnel pays for it while it carries something. */
export const watchSilence = (join: Join): Watched => {
  const { socket } = join.call
  let seen = -1
  let sinceMs = 0
  const isSilent = (nowMs: number): boolean => {
    const { upstream } = join
    const total = carried(socket) + (upstream === null ? 0 : carried(upstream))
    if (total !== seen) {
      seen = total
      sinceMs = nowMs
    }
    const limitMs = patienceOf(join)
    return limitMs !== null && nowMs - sinceMs >= limitMs
  }
  return {
    place: -1,
    look(nowMs) {
      if (!isSilent(nowMs)) return
      if (join.ending === null) return part(join, 'idle')
      if (join.ending === 'refused')
        join.failure ??= failure('http_response_incomplete', join.from, 'unknown')
      socket.destroy()
    },
  }
}

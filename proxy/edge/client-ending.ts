/** When an exchange is over for its client: it has it all, it has left, or it is cut off. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { failure } from '../targets/failure.ts'
import type { Client, Failure } from '../targets/send.ts'

const clientGone = failure('client_gone', 'client', 'unknown')
const drained = failure('client_gone', 'banyan', 'unknown', { detail: 'Banyan is being stopped.' })

/** When an exchange is over, and who wants to know. */
export interface Ending extends Pick<Client, 'onAbort' | 'onDone'> {
  readonly isOver: () => boolean
  /** Cuts the connection: what was sent is not all. */
  cut(why: Failure, isDelimited: boolean): void
  /** Ends an answer that has no end of its own: what was sent counts as all. */
  finish(): void
}

/** As many requests may wait on one connection as its client cares to send. */
const onceClosed = (socket: Socket, closed: () => void): void => {
  socket.setMaxListeners(0)
  socket.once('close', closed)
}

export const createEnding = (message: IncomingMessage, response: ServerResponse): Ending => {
  let stop: ((why: Failure) => void) | null = null
  let done: ((why: Failure | null) => void) | null = null
  let outcome: Failure | null | undefined
  let broken: Failure | null = null
  let isFinished = false

  const settle = (why: Failure | null): void => {
    if (outcome !== undefined) return
    outcome = why
    if (why !== null) stop?.(why)
    done?.(why)
  }
  response.on('close', () => settle(response.writableFinished ? null : (broken ?? clientGone)))
  // A response that waits behind another one is not told when their connection closes.
  if (response.socket === null) onceClosed(message.socket, () => settle(broken ?? clientGone))

  return {
    isOver: () => outcome !== undefined || broken !== null || isFinished,
    finish() {
      isFinished = true
      response.end()
      stop?.(drained)
    },
    cut(why, isDelimited) {
      if (isFinished) return
      broken = why
      const { socket } = response
      // Where only the end of the connection ends the body, a plain end would be a lie: reset it.
      if (isDelimited || socket === null || 'encrypted' in socket) response.destroy()
      else socket.resetAndDestroy()
    },
    onAbort(register) {
      stop = register
      if (outcome) register(outcome)
    },
    onDone(register) {
      done = register
      if (outcome !== undefined) register(outcome)
    },
  }
}

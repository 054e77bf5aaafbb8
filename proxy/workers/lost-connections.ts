/**
 * Connections that were handed to a worker which died before it took them. Node's cluster forgets
 * them: nobody holds them, nobody closes them, and their clients wait for ever. The names below are
 * those of Node's own messages between a primary and its workers; where they change, nothing is
 * closed, and workers.test.ts says so.
 */
import type { ChildProcess } from 'node:child_process'

interface Handle {
  close(): void
}

interface Told {
  readonly cmd?: unknown
  readonly act?: unknown
  readonly seq?: unknown
  /** The message that this one answers. */
  readonly ack?: unknown
}

const told = (message: unknown): Told =>
  typeof message === 'object' && message !== null ? (message as Told) : {}

const isHandle = (value: unknown): value is Handle =>
  typeof value === 'object' && value !== null && 'close' in value

/** Closes what a worker has not taken when it ends: a client that is cut asks again. */
export const closeLostConnections = (worker: ChildProcess): void => {
  const onTheWay = new Map<unknown, Handle>()
  const send = worker.send as (...given: unknown[]) => boolean
  worker.send = (...given: unknown[]): boolean => {
    const { cmd, act, seq } = told(given[0])
    if (cmd === 'NODE_CLUSTER' && act === 'newconn' && isHandle(given[1])) {
      onTheWay.set(seq, given[1])
    }
    return send.apply(worker, given)
  }
  worker.on('internalMessage', (message) => onTheWay.delete(told(message).ack))
  worker.once('exit', () => {
    for (const handle of onTheWay.values()) handle.close()
    onTheWay.clear()
  })
}

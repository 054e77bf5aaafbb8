/** A body on its way to a socket, as fast as the socket takes it. */
import type { Socket } from 'node:net'
import { ProxyError } from '../../errors.ts'
import type { Body, Flow } from '../send.ts'
import type { WireListener, WireRequest } from '../wire.ts'
import { lastChunk } from './request-head.ts'

export interface Uploading {
  /** Whether the client has sent all, and the socket has it. */
  isComplete(): boolean
  /** Whether it is the client that everybody waits for, and not the upstream. */
  isClientAwaited(): boolean
  /** The socket takes more. */
  drained(): void
  /** Nobody wants the rest. */
  cancel(): void
}

/** One write for one chunk, whatever its framing. */
const writerFor = (socket: Socket, isChunked: boolean): ((chunk: Uint8Array) => boolean) =>
  isChunked
    ? (chunk) => {
        // An empty chunk would be the last.
        if (chunk.length === 0) return true
        socket.cork()
        socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1')
        socket.write(chunk)
        const ready = socket.write('\r\n', 'latin1')
        socket.uncork()
        return ready
      }
    : (chunk) => socket.write(chunk)

/** @param broken hears why the body is not all, or not what was announced; nothing follows */
export const startUploading = (
  socket: Socket,
  { framing, trailers }: WireRequest,
  body: Body,
  { sent, broken }: Pick<WireListener, 'sent'> & { broken(error: unknown): void },
): Uploading => {
  const isChunked = framing === 'chunked'
  const write = writerFor(socket, isChunked)
  const announced = isChunked ? null : body.length
  let flow: Flow | null = null
  let written = 0
  let isBlocked = false
  let isComplete = false
  let isOver = false

  const stop = (): void => {
    isOver = true
    flow?.cancel()
  }
  const breakOff = (error: unknown): void => {
    stop()
    broken(error)
  }
  const breakLength = (): void =>
    breakOff(new ProxyError('http_request_error', 'a body that is not as long as announced'))

  flow = body.flow({
    write(chunk) {
      if (isOver) return true
      written += chunk.length
      if (announced !== null && written > announced) {
        breakLength()
        return true
      }
      isBlocked = !write(chunk)
      if (!isBlocked) sent(false)
      return !isBlocked
    },
    end(lines) {
      if (isOver) return
      if (announced !== null && written < announced) return breakLength()
      if (isChunked) isBlocked = !socket.write(lastChunk(trailers(lines)), 'latin1')
      isComplete = true
      sent(true)
    },
    fail(why) {
      if (!isOver) breakOff(why)
    },
  })
  if (isOver) flow.cancel()
  return {
    isComplete: () => isComplete,
    isClientAwaited: () => !isComplete && !isBlocked,
    drained() {
      isBlocked = false
      sent(isComplete)
      if (!isComplete && !isOver) flow?.resume()
    },
    cancel() {
      if (!isOver && !isComplete) stop()
    },
  }
}

/** A body between the edge and a lane: never more of it on the way than the other side has room for. */
import type { Failure, Flow, RawHeaders, Sink } from '../send.ts'
import { type BodyMessage, carryFailure, ownBytes, type Post, viewOf } from './lane-messages.ts'

/** Bytes that may be on their way and not yet taken. */
export const windowBytes: number = 262_144

const pieceBytes = 65_536

/** The end that sends. */
export interface BodySender extends Sink {
  /** What to resume once there is room again. */
  from(flow: Flow): void
  /** The other side has found a place for so many bytes. */
  taken(bytes: number): void
  /** Nothing more is sent. */
  stop(): void
}

/** @param over called once all has been sent, or nothing more will be */
export const createBodySender = (
  of: number,
  post: Post<BodyMessage>,
  over: () => void,
): BodySender => {
  let room = windowBytes
  let waiting: Uint8Array[] = []
  let trailers: RawHeaders | null = null
  let isOver = false
  let isPaused = false
  let flow: Flow | null = null

  const finish = (): void => {
    if (isOver) return
    isOver = true
    waiting = []
    over()
  }
  const sendPiece = (chunk: Uint8Array): void => {
    const piece = ownBytes(chunk.subarray(0, Math.min(room, pieceBytes)))
    room -= piece.length
    if (piece.length === chunk.length) waiting.shift()
    else waiting[0] = chunk.subarray(piece.length)
    post({ is: 'chunk', of, bytes: piece }, piece)
  }
  const pump = (): void => {
    while (!isOver && room > 0) {
      const [chunk] = waiting
      if (chunk === undefined) break
      sendPiece(chunk)
    }
    if (trailers === null || waiting.length > 0 || isOver) return
    post({ is: 'end', of, trailers })
    finish()
  }
  return {
    from(source) {
      flow = source
    },
    write(chunk) {
      if (isOver) return true
      if (chunk.length > 0) waiting.push(chunk)
      pump()
      isPaused = waiting.length > 0 || room <= 0
      return !isPaused
    },
    end(lines) {
      trailers = lines
      pump()
    },
    fail(why: Failure) {
      if (isOver) return
      post({ is: 'broken', of, why: carryFailure(why) })
      finish()
    },
    taken(bytes) {
      room += bytes
      pump()
      if (!isPaused || isOver || waiting.length > 0) return
      isPaused = false
      flow?.resume()
    },
    stop: finish,
  }
}

/** The end that receives: counts what found a place, and says so before the sender runs dry. */
export interface BodyReceiver {
  /** @param isTaken whether there is room for more */
  chunk(bytes: Uint8Array, write: (chunk: Uint8Array) => boolean): void
  /** There is room again. */
  resume(): void
}

export const createBodyReceiver = (tell: (bytes: number) => void): BodyReceiver => {
  let owed = 0
  const settle = (): void => {
    if (owed === 0) return
    const bytes = owed
    owed = 0
    tell(bytes)
  }
  return {
    chunk(bytes, write) {
      owed += bytes.length
      const hasRoom = write(viewOf(bytes))
      if (hasRoom && owed >= windowBytes / 4) settle()
    },
    resume: settle,
  }
}

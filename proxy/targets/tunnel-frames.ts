/** As much of WebSocket as it takes to leave politely (RFC 6455 §5.2, §5.5.1). Pure. */
import { Buffer } from 'node:buffer'

/** Follows one direction of a WebSocket by the lengths of its frames. */
export interface Frames {
  read(bytes: Uint8Array): void
  /** Whether a frame may be put in: the last one is whole, and it was no Close. */
  isBetween(): boolean
  /** Whether a Close has begun: its sender says nothing after it. */
  isClosed(): boolean
}

const opcodeOfClose = 8

/** How many bytes the head of a frame has, once its first two are known. */
const headLength = (second: number): number => {
  const short = second & 0x7f
  const extended = short === 127 ? 8 : short === 126 ? 2 : 0
  return 2 + extended + (second & 0x80 ? 4 : 0)
}

const payloadLength = (head: Buffer): number => {
  const short = (head[1] ?? 0) & 0x7f
  if (short === 126) return head.readUInt16BE(2)
  return short === 127 ? Number(head.readBigUInt64BE(2)) : short
}

export const createFrames = (): Frames => {
  const head = Buffer.alloc(14)
  let known = 0
  let left = 0
  let isClosed = false
  /** Returns where the next unread byte is. */
  const readHead = (bytes: Uint8Array, from: number): number => {
    head[known] = bytes[from] ?? 0
    known += 1
    if (known < 2 || known < headLength(head[1] ?? 0)) return from + 1
    isClosed ||= ((head[0] ?? 0) & 0x0f) === opcodeOfClose
    left = payloadLength(head)
    known = 0
    return from + 1
  }
  return {
    read(bytes) {
      let at = 0
      while (at < bytes.length) {
        if (left === 0) at = readHead(bytes, at)
        else {
          const skipped = Math.min(left, bytes.length - at)
          left -= skipped
          at += skipped
        }
      }
    },
    isBetween: () => known === 0 && left === 0 && !isClosed,
    isClosed: () => isClosed,
  }
}

const goingAway = [0x03, 0xe9]

/** Close, 1001 "going away", as a server says it. */
export const closeToClient: Buffer = Buffer.from([0x88, 0x02, ...goingAway])

/** The same as a client says it: masked, with a mask that changes nothing. */
export const closeToServer: Buffer = Buffer.from([0x88, 0x82, 0, 0, 0, 0, ...goingAway])

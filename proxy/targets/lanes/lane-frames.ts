/** Messages on a stream of bytes: each as V8 serializes it, behind its length. */
import { Buffer } from 'node:buffer'
import { DefaultSerializer, deserialize } from 'node:v8'

const headBytes = 4
const noHead = Buffer.alloc(headBytes)

/** More than any message takes: what claims it is none. */
const longestFrame = 64 * 1_048_576

/** @throws Error where a part of the message is no plain data */
export const frameOf = (message: unknown): Uint8Array => {
  const serializer = new DefaultSerializer()
  serializer.writeRawBytes(noHead)
  serializer.writeHeader()
  serializer.writeValue(message)
  const frame = serializer.releaseBuffer()
  frame.writeUInt32BE(frame.length - headBytes, 0)
  return frame
}

/** Where frames are written: a socket. */
interface Sink {
  readonly writable: boolean
  write(bytes: Uint8Array): unknown
}

export interface FrameWriter {
  /** @throws Error where a part of the message is no plain data */
  post(message: unknown): void
  /** Writes what is still kept; of use where this turn has no end. */
  flush(): void
}

/** What is longer is not copied to be one with its neighbours. */
const shortBytes = 65_536

/** Writes what is said in one turn at once, for each write wakes the other side. */
export const createFrameWriter = (sink: Sink): FrameWriter => {
  let kept: Uint8Array[] = []
  let length = 0
  const flush = (): void => {
    const frames = kept
    const isShort = length <= shortBytes
    kept = []
    length = 0
    if (!sink.writable || frames.length === 0) return
    if (isShort && frames.length > 1) sink.write(Buffer.concat(frames))
    else for (const frame of frames) sink.write(frame)
  }
  return {
    flush,
    post(message) {
      const frame = frameOf(message)
      if (kept.length === 0) process.nextTick(flush)
      kept.push(frame)
      length += frame.length
    },
  }
}

/** Hears messages; the bytes in them are views of what was read. */
export interface FrameReader {
  /** @throws Error where the bytes are no frames; nothing can be read after that */
  read(chunk: Buffer): void
}

export const createFrameReader = (hear: (message: unknown) => void): FrameReader => {
  let pieces: Buffer[] = []
  let length = 0
  let wanted = headBytes
  const join = (): Buffer => {
    const [only] = pieces
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces, length)
  }
  const keep = (rest: Buffer): void => {
    pieces = rest.length === 0 ? [] : [rest]
    length = rest.length
  }
  return {
    read(chunk) {
      pieces.push(chunk)
      length += chunk.length
      if (length < wanted) return
      let bytes = join()
      wanted = headBytes
      while (bytes.length >= headBytes) {
        wanted = headBytes + bytes.readUInt32BE(0)
        if (wanted > longestFrame) throw new RangeError('this is no frame of a lane')
        if (bytes.length < wanted) break
        const message = deserialize(bytes.subarray(headBytes, wanted))
        bytes = bytes.subarray(wanted)
        wanted = headBytes
        hear(message)
      }
      keep(bytes)
    },
  }
}

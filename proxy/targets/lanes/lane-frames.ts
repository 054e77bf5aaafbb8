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

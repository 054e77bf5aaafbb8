/**
 * Reads the answers of one connection, strictly, from bytes in any pieces. No I/O. Bodies are parts
 * of the bytes that were read, never copies.
 */
import { Buffer } from 'node:buffer'
import type { RawHeaders } from '../send.ts'
import { type ChunkReader, createChunkReader } from './chunk-reader.ts'
import { protocolError } from './header-lines.ts'
import { checkBeginning, type ResponseHead, readResponseHead } from './response-head.ts'

export interface ResponseListener {
  /** 1xx, before the head. */
  interim(status: number, lines: RawHeaders): void
  head(head: ResponseHead): void
  data(part: Buffer): void
}

export interface ResponseParser {
  /** An answer to a request of this method is to come. */
  begin(method: string): void
  /**
   * Returns whether the answer is whole.
   *
   * @throws ProxyError `http_protocol_error`; nothing can be read after it
   */
  read(bytes: Buffer): boolean
  /** The connection has ended in order. Returns whether the answer is whole with that. */
  end(): boolean
  /** Whether the connection is as it was before the request: a whole answer, and not a byte more. */
  readonly isClean: boolean
  readonly keepAliveSeconds: number | null
  readonly trailers: RawHeaders
}

type Awaited = 'head' | 'length' | 'chunked' | 'close' | 'nothing'

/** Of one head, as of Node's own parser when it is told to be generous. */
const maxHeadBytes = 65_536
/** A server that sends `100 Continue` over and over is odd, and not dangerous. */
const maxInterims = 256
const headEnd = Buffer.from('\r\n\r\n')
const none: RawHeaders = []

/** What is known of the answer that is being read. */
interface Reading {
  readonly to: ResponseListener
  readonly chunks: ChunkReader
  awaited: Awaited
  method: string
  /** The beginning of a head whose end is not here yet. */
  held: Buffer | null
  interims: number
  head: ResponseHead | null
  /** Bytes of a body of known length that are still to come. */
  left: number
  hasSurplus: boolean
  trailers: RawHeaders
}

const awaitBody = (reading: Reading, { framing, length }: ResponseHead): void => {
  reading.left = length
  if (framing === 'chunked') reading.chunks.begin()
  const hasNone = framing === 'none' || (framing === 'length' && length === 0)
  reading.awaited = hasNone ? 'nothing' : framing
}

const onHead = (reading: Reading, found: ResponseHead): void => {
  const { status, lines } = found
  if (status === 101) throw protocolError('a change of protocol that nobody asked for')
  if (status >= 200) {
    reading.head = found
    awaitBody(reading, found)
    reading.to.head(found)
    return
  }
  reading.interims += 1
  if (reading.interims > maxInterims) throw protocolError('too many interim answers')
  reading.to.interim(status, lines)
}

/** Keeps the beginning of a head until the rest is here. */
const hold = (reading: Reading, beginning: Buffer): void => {
  checkLength(beginning.length)
  checkBeginning(beginning.toString('latin1'))
  reading.held = beginning
}

const checkLength = (length: number): void => {
  if (length > maxHeadBytes) throw protocolError('a head that is too long')
}

type Step = (reading: Reading, bytes: Buffer, from: number) => number

/** Each reads what is awaited, from a place on, and returns where it stopped. */
const steps: Readonly<Record<Awaited, Step>> = {
  head(reading, bytes, from) {
    const { held } = reading
    const all = held === null ? bytes : Buffer.concat([held, bytes.subarray(from)])
    const start = held === null ? from : 0
    const end = all.indexOf(headEnd, held === null ? start : Math.max(0, held.length - 3))
    if (end < 0) {
      hold(reading, start === 0 ? all : all.subarray(start))
      return bytes.length
    }
    checkLength(end - start)
    reading.held = null
    onHead(reading, readResponseHead(all.toString('latin1', start, end), reading.method))
    return bytes.length - (all.length - end - headEnd.length)
  },
  length(reading, bytes, from) {
    const next = Math.min(bytes.length, from + reading.left)
    reading.left -= next - from
    if (reading.left === 0) reading.awaited = 'nothing'
    reading.to.data(from === 0 && next === bytes.length ? bytes : bytes.subarray(from, next))
    return next
  },
  chunked(reading, bytes, from) {
    const next = reading.chunks.read(bytes, from)
    if (!reading.chunks.isOver) return next
    reading.trailers = reading.chunks.trailers
    reading.awaited = 'nothing'
    return next
  },
  close(reading, bytes, from) {
    reading.to.data(from === 0 ? bytes : bytes.subarray(from))
    return bytes.length
  },
  nothing: (_reading, bytes) => bytes.length,
}

/** One parser serves one connection, answer by answer. */
export const createResponseParser = (to: ResponseListener): ResponseParser => {
  const chunks = createChunkReader((part) => to.data(part))
  const reading: Reading = {
    to,
    chunks,
    awaited: 'nothing',
    method: '',
    held: null,
    interims: 0,
    head: null,
    left: 0,
    hasSurplus: false,
    trailers: none,
  }
  return {
    begin(method) {
      reading.awaited = 'head'
      reading.method = method
      reading.held = null
      reading.interims = 0
      reading.head = null
      reading.hasSurplus = false
      reading.trailers = none
    },
    read(bytes) {
      let at = 0
      while (at < bytes.length && reading.awaited !== 'nothing') {
        at = steps[reading.awaited](reading, bytes, at)
      }
      if (at < bytes.length) reading.hasSurplus = true
      return reading.awaited === 'nothing'
    },
    end() {
      if (reading.awaited === 'close') reading.awaited = 'nothing'
      return reading.awaited === 'nothing'
    },
    get isClean() {
      const { awaited, hasSurplus, head } = reading
      return awaited === 'nothing' && !hasSurplus && head?.persists === true
    },
    get keepAliveSeconds() {
      return reading.head?.keepAliveSeconds ?? null
    },
    get trailers() {
      return reading.trailers
    },
  }
}

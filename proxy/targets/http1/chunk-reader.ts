/** Takes a chunked body apart: RFC 9112 §7.1, read strictly. */
import type { Buffer } from 'node:buffer'
import type { RawHeaders } from '../send.ts'
import { protocolError, readHeaderLines } from './header-lines.ts'

export interface ChunkReader {
  /** Another body begins. */
  begin(): void
  /**
   * Reads on from a place, and returns where it stopped: at the end of the bytes or of the body.
   *
   * @throws ProxyError `http_protocol_error`
   */
  read(bytes: Buffer, from: number): number
  readonly isOver: boolean
  readonly trailers: RawHeaders
}

type Awaited = 'size' | 'data' | 'dataEnd' | 'trailers' | 'nothing'

const lf = 10
/** Of one line with a size; extensions have no use that anybody would miss. */
const maxSizeLine = 4_096
/** Of all trailers. */
const maxTrailers = 65_536
const sizeLine = /^([\da-f]{1,13})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/i
const none: RawHeaders = []

const readSize = (line: string): number => {
  const found = sizeLine.exec(line)
  if (found === null) throw protocolError('a chunk without a size')
  return Number.parseInt(found[1] as string, 16)
}

/** What is known of the body that is being read. */
interface Chunking {
  readonly data: (part: Buffer) => void
  awaited: Awaited
  /** Bytes of this chunk that are still to come. */
  left: number
  /** The beginning of a line whose end is not here yet. */
  held: string
  /** The line that was read last, without its CRLF; null: its end is not here yet. */
  line: string | null
  trailerText: string
  trailers: RawHeaders
}

/** Reads a line on, and returns where it stopped. */
const takeLine = (chunking: Chunking, bytes: Buffer, from: number, limit: number): number => {
  const at = bytes.indexOf(lf, from)
  const end = at < 0 ? bytes.length : at + 1
  const text = chunking.held + bytes.toString('latin1', from, end)
  if (text.length > limit) throw protocolError('a line of a chunked body that is too long')
  chunking.held = at < 0 ? text : ''
  chunking.line = at < 0 ? null : text.slice(0, -2)
  if (at >= 0 && !text.endsWith('\r\n')) throw protocolError('a line that does not end with CRLF')
  return end
}

type Step = (chunking: Chunking, bytes: Buffer, from: number) => number

/** Each reads what is awaited, from a place on, and returns where it stopped. */
const steps: Readonly<Record<Awaited, Step>> = {
  size(chunking, bytes, from) {
    const next = takeLine(chunking, bytes, from, maxSizeLine)
    if (chunking.line !== null) {
      chunking.left = readSize(chunking.line)
      chunking.awaited = chunking.left === 0 ? 'trailers' : 'data'
    }
    return next
  },
  data(chunking, bytes, from) {
    const next = Math.min(bytes.length, from + chunking.left)
    chunking.left -= next - from
    if (chunking.left === 0) chunking.awaited = 'dataEnd'
    chunking.data(bytes.subarray(from, next))
    return next
  },
  dataEnd(chunking, bytes, from) {
    const next = takeLine(chunking, bytes, from, 2)
    if (chunking.line === null) return next
    if (chunking.line !== '') throw protocolError('a chunk that is longer than its size')
    chunking.awaited = 'size'
    return next
  },
  trailers(chunking, bytes, from) {
    const next = takeLine(chunking, bytes, from, maxTrailers - chunking.trailerText.length)
    const { line, trailerText } = chunking
    if (line === null) return next
    if (line !== '') chunking.trailerText = `${trailerText}${line}\r\n`
    else {
      chunking.trailers = trailerText === '' ? none : readHeaderLines(trailerText, 0)
      chunking.awaited = 'nothing'
    }
    return next
  },
  nothing: (_chunking, bytes) => bytes.length,
}

/** @param data hears the body, in parts of the bytes that were read */
export const createChunkReader = (data: (part: Buffer) => void): ChunkReader => {
  const blank = { left: 0, held: '', line: null, trailerText: '', trailers: none }
  const chunking: Chunking = { data, awaited: 'nothing', ...blank }
  return {
    begin() {
      Object.assign(chunking, blank, { awaited: 'size' })
    },
    read(bytes, from) {
      let at = from
      while (at < bytes.length && chunking.awaited !== 'nothing') {
        at = steps[chunking.awaited](chunking, bytes, at)
      }
      return at
    },
    get isOver() {
      return chunking.awaited === 'nothing'
    },
    get trailers() {
      return chunking.trailers
    },
  }
}

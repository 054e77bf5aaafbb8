/** What readers make of the same bytes of an upstream: this parser, Node's and undici's. For tests. */
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { Duplex } from 'node:stream'
import type { RawHeaders } from '../send.ts'
import { createResponseParser } from './response-parser.ts'

/** One answer, as a reader understood it. */
export interface Understood {
  readonly interims: readonly number[]
  readonly status: number
  readonly reason: string
  readonly lines: RawHeaders
  readonly body: string
  readonly trailers: RawHeaders
}

export interface ReadByUs {
  /** Null: it was refused, or is not whole. */
  readonly answer: Understood | null
  /** Why it was refused; null where it was not. */
  readonly refusal: string | null
  readonly isClean: boolean
}

/** @param pieces as a socket would bring them; then the connection ends in order */
export const readByUs = (pieces: readonly Buffer[], method = 'GET'): ReadByUs => {
  const interims: number[] = []
  const body: Buffer[] = []
  let head: Pick<Understood, 'status' | 'reason' | 'lines'> | null = null
  const parser = createResponseParser({
    interim: (status) => interims.push(status),
    head(found) {
      head = { status: found.status, reason: found.reason, lines: found.lines }
    },
    data: (part) => body.push(part),
  })
  parser.begin(method)
  try {
    for (const piece of pieces) parser.read(piece)
  } catch (error) {
    return { answer: null, refusal: (error as Error).message, isClean: false }
  }
  const { isClean } = parser
  if (!parser.end() || head === null) return { answer: null, refusal: null, isClean: false }
  const found: Pick<Understood, 'status' | 'reason' | 'lines'> = head
  const text = Buffer.concat(body).toString('latin1')
  const answer = { interims, ...found, body: text, trailers: parser.trailers }
  return { answer, refusal: null, isClean }
}

/** Every way to cut bytes in two, and one piece for each byte. */
export const cuts = (bytes: Buffer): Buffer[][] => {
  const all: Buffer[][] = [Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))]
  for (let at = 0; at < bytes.length; at++) all.push([bytes.subarray(0, at), bytes.subarray(at)])
  return all
}

/** A connection that says some bytes once it has been asked, and ends. */
const saying = (bytes: Buffer): Duplex => {
  let asked = false
  const line: Duplex = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done()
      if (asked) return
      asked = true
      line.push(bytes)
      line.push(null)
    },
  })
  return line
}

const understood = async (
  answer: IncomingMessage,
  interims: readonly number[],
): Promise<Understood> => {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  if (!answer.complete) throw new Error('incomplete')
  return {
    interims,
    status: answer.statusCode ?? 0,
    reason: answer.statusMessage ?? '',
    lines: answer.rawHeaders,
    body: Buffer.concat(chunks).toString('latin1'),
    trailers: answer.rawTrailers,
  }
}

/** Node's own client; null where it refuses. */
export const readByNode = async (bytes: Buffer, method = 'GET'): Promise<Understood | null> => {
  const interims: number[] = []
  const asked = request({ method, path: '/', createConnection: () => saying(bytes) })
  asked.on('information', ({ statusCode }) => interims.push(statusCode))
  // `continue` has an event of its own besides.
  asked.on('error', () => {})
  asked.end()
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.on('error', () => {})
    return await understood(answer, interims)
  } catch {
    return null
  } finally {
    asked.destroy()
  }
}

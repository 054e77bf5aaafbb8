/** Answers from files: bare bodies, whole HTTP messages (RFC 9112 §2), exchanges as they are stored. */
import { type Buffer, constants } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { fieldsOf, joined } from '../compare/compare-headers.ts'
import { decodeContent } from '../compare/decode.ts'
import { observed } from '../compare/observed.ts'
import type { Exemplar } from '../shadow/finding.ts'
import type { Target } from '../stage.ts'
import { readExemplar } from '../store/stored-json.ts'
import type { Observation, RawHeaders } from '../targets/send.ts'
import { type BodyForm, formOfName, mediaTypes } from './body-forms.ts'
import { exit } from './io.ts'
import { CommandError, usageError } from './say.ts'

/** A file as it was understood. */
export interface ReadAnswer {
  readonly seen: Observation
  /** False: a body without a head, which says nothing of status and headers. */
  readonly hasHead: boolean
  /** Id of the route that an exchange is of; null elsewhere. */
  readonly route: string | null
}

/** @throws CommandError where it cannot be read */
export const readBytes = async (path: string): Promise<Buffer> => {
  try {
    return await readFile(path)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandError(exit.unreachable, `cannot read ${path}: ${why}`)
  }
}

const statusLine = /^HTTP\/\d(?:\.\d)? (\d{3})[^\n]*\n/
const wholeHead = /^[\s\S]*?\r?\n\r?\n/
const longestHead = 1_048_576

const linesOf = (head: string): RawHeaders =>
  head
    .split(/\r?\n/)
    .slice(1)
    .flatMap((line) => {
      const [start, name] = /^([^:\s]+):/.exec(line) ?? []
      if (start === undefined || name === undefined || line.includes('\r')) return []
      return [name, line.slice(start.length).replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, '')]
    })

const isCoding = (name: string | undefined): boolean => name?.toLowerCase() === 'content-encoding'

const withoutCoding = (headers: RawHeaders): RawHeaders =>
  headers.filter((_, at) => !isCoding(headers[at - (at % 2)]))

const onlyCoding = (headers: RawHeaders): RawHeaders =>
  headers.filter((_, at) => isCoding(headers[at - (at % 2)]))

/** `curl -i --compressed` prints the head as it came and the body decoded. */
const headersOf = (headers: RawHeaders, body: Uint8Array): RawHeaders => {
  const coding = joined(fieldsOf(headers), 'content-encoding')
  return 'fault' in decodeContent(body, coding) ? withoutCoding(headers) : headers
}

interface Head {
  readonly status: number
  readonly headers: RawHeaders
  readonly length: number
}

/** The head at a place; null: there is none, or it has no end. */
const headAt = (bytes: Buffer, at: number): Head | null => {
  const text = bytes.subarray(at, at + longestHead).toString('latin1')
  const [, status] = statusLine.exec(text) ?? []
  const [head] = (status === undefined ? null : wholeHead.exec(text)) ?? []
  if (head === undefined) return null
  return { status: Number(status), headers: linesOf(head), length: head.length }
}

/** Answers after which curl prints another one: interim, followed, or asked again with credentials. */
const isFollowed = ({ status }: Head): boolean =>
  status < 200 || (status >= 300 && status < 400) || status === 401 || status === 407

/** The last of several heads is the answer's. Null: it is no message. */
const readMessage = (bytes: Buffer, from: Target): Observation | null => {
  let found = headAt(bytes, 0)
  if (found === null) return null
  let end = found.length
  while (isFollowed(found)) {
    const next = headAt(bytes, end)
    if (next === null) break
    found = next
    end += next.length
  }
  const { status, headers } = found
  const body = bytes.subarray(end)
  return observed(from, { status, headers: headersOf(headers, body), body })
}

const isSide = (side: unknown): boolean =>
  typeof side === 'object' && side !== null && 'body' in side && 'headers' in side

const isExchange = (value: unknown): value is Exemplar => {
  if (typeof value !== 'object' || value === null) return false
  const { request, legacy, modern } = value as Record<string, unknown>
  const isAsked = typeof request === 'object' && request !== null && 'method' in request
  const sides = [legacy, modern].filter((side) => side !== null && side !== undefined)
  return isAsked && sides.length > 0 && sides.every(isSide)
}

const parsed = (bytes: Buffer): unknown => {
  try {
    return readExemplar(bytes.toString('utf8'))
  } catch {
    return null
  }
}

/** Null: it is no exchange. */
const readExchange = (bytes: Buffer, side: Target): ReadAnswer | null => {
  const value = bytes.subarray(0, 64).toString('latin1').trimStart().startsWith('{')
    ? parsed(bytes)
    : null
  if (!isExchange(value)) return null
  const seen = value[side] ?? value.legacy ?? value.modern
  return seen === null ? null : { seen, hasHead: true, route: value.route }
}

/** A file that `curl` or a log rotation left zipped. */
const codingOf = (bytes: Buffer): RawHeaders => {
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8
  return isZipped ? headersOf(['Content-Encoding', 'gzip'], bytes) : []
}

/** @param side whose answer is wanted of an exchange that holds both */
export const readAnswer = async (path: string, side: Target): Promise<ReadAnswer> => {
  const bytes = await readBytes(path)
  const exchange = readExchange(bytes, side)
  if (exchange !== null) return exchange
  const message = readMessage(bytes, side)
  if (message !== null) return { seen: message, hasHead: true, route: null }
  return {
    seen: observed(side, { headers: codingOf(bytes), body: bytes }),
    hasHead: false,
    route: null,
  }
}

const typed = (seen: Observation, type: string | null): Observation => {
  const rest = seen.headers.filter(
    (_, at) => seen.headers[at - (at % 2)]?.toLowerCase() !== 'content-type',
  )
  return { ...seen, headers: type === null ? rest : ['Content-Type', type, ...rest] }
}

export interface Asked {
  readonly a: string
  readonly b: string
  /** Null: heads and names say it. */
  readonly form: BodyForm | null
}

export interface ReadAnswers {
  readonly legacy: Observation
  readonly modern: Observation
  /** Id; null: neither says of which it is. */
  readonly route: string | null
}

/** @throws CommandError where there is no body that could be compared */
const checkBody = (path: string, { seen }: ReadAnswer, form: BodyForm | null): void => {
  const { bytes, length } = seen.body
  if (seen.failure === null && bytes === null && length > 0)
    throw usageError(`${path} says that its body was not kept`, 'compare what has both bodies')
  if (form !== 'binary' && length > constants.MAX_STRING_LENGTH)
    throw usageError(
      `${path} has ${length} bytes: at most ${constants.MAX_STRING_LENGTH} can be read as text`,
      'compare parts of it, or say --as binary',
    )
}

/**
 * Both files as two observations that can be compared. Where one of them has no head, only bodies are.
 *
 * @throws CommandError where a file cannot be read, or keeps no body
 */
export const readAnswers = async ({ a, b, form }: Asked): Promise<ReadAnswers> => {
  const [left, right] = [await readAnswer(a, 'legacy'), await readAnswer(b, 'modern')]
  checkBody(a, left, form)
  checkBody(b, right, form)
  const hasHeads = left.hasHead && right.hasHead
  const typeOf = ({ seen }: ReadAnswer): string | null =>
    joined(fieldsOf(seen.headers), 'content-type')
  const named = form ?? formOfName(a) ?? formOfName(b)
  const written = named === null ? null : mediaTypes[named]
  const type = form === null ? (typeOf(left) ?? typeOf(right) ?? written) : written
  const bare = ({ seen }: ReadAnswer): Observation => {
    const status = seen.status === null ? null : 200
    return typed({ ...seen, status, headers: onlyCoding(seen.headers), trailers: [] }, type)
  }
  const whole = ({ seen }: ReadAnswer): Observation => (form === null ? seen : typed(seen, type))
  const shape = hasHeads ? whole : bare
  return { legacy: shape(left), modern: shape(right), route: left.route ?? right.route }
}

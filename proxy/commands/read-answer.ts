/** Answers from files: bare bodies, whole HTTP messages (RFC 9112 §2), exchanges as they are stored. */
import { Buffer } from 'node:buffer'
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

/** Where the head ends; null: it does not. */
const headOf = (text: string): string | null => /^[\s\S]*?\r?\n\r?\n/.exec(text)?.[0] ?? null

const linesOf = (head: string): RawHeaders =>
  head
    .split(/\r?\n/)
    .slice(1)
    .flatMap((line) => {
      const [, name, value = ''] = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
      return name === undefined ? [] : [name, value]
    })

const withoutCoding = (headers: RawHeaders): RawHeaders =>
  headers.filter((_, at) => headers[at - (at % 2)]?.toLowerCase() !== 'content-encoding')

/** `curl -i --compressed` prints the head as it came and the body decoded. */
const headersOf = (headers: RawHeaders, body: Uint8Array): RawHeaders => {
  const coding = joined(fieldsOf(headers), 'content-encoding')
  return 'fault' in decodeContent(body, coding) ? withoutCoding(headers) : headers
}

/** The last of several heads is the answer's: others are redirects and 1xx. Null: it is no message. */
const readMessage = (bytes: Buffer, from: Target): Observation | null => {
  let text = bytes.toString('latin1')
  let found: { status: number; headers: RawHeaders } | null = null
  for (;;) {
    const [, status] = statusLine.exec(text) ?? []
    const head = status === undefined ? null : headOf(text)
    if (head === null) break
    found = { status: Number(status), headers: linesOf(head) }
    text = text.slice(head.length)
  }
  if (found === null) return null
  const body = Buffer.from(text, 'latin1')
  return observed(from, { ...found, headers: headersOf(found.headers, body), body })
}

const isExchange = (value: unknown): value is Exemplar => {
  if (typeof value !== 'object' || value === null) return false
  const { request, legacy, modern } = value as Record<string, unknown>
  const isAsked = typeof request === 'object' && request !== null && 'method' in request
  return isAsked && [legacy, modern].some((side) => typeof side === 'object' && side !== null)
}

const parsed = (text: string): unknown => {
  try {
    return readExemplar(text)
  } catch {
    return null
  }
}

/** Null: it is no exchange. */
const readExchange = (bytes: Buffer, side: Target): ReadAnswer | null => {
  const value = bytes.subarray(0, 64).toString('latin1').trimStart().startsWith('{')
    ? parsed(bytes.toString('utf8'))
    : null
  if (!isExchange(value)) return null
  const seen = value[side] ?? value.legacy ?? value.modern
  return seen === null ? null : { seen, hasHead: true, route: value.route }
}

/** @param side whose answer is wanted of an exchange that holds both */
export const readAnswer = async (path: string, side: Target): Promise<ReadAnswer> => {
  const bytes = await readBytes(path)
  const exchange = readExchange(bytes, side)
  if (exchange !== null) return exchange
  const message = readMessage(bytes, side)
  if (message !== null) return { seen: message, hasHead: true, route: null }
  return { seen: observed(side, { body: bytes }), hasHead: false, route: null }
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

/**
 * Both files as two observations that can be compared. Where one of them has no head, only bodies are.
 *
 * @throws CommandError where a file cannot be read, or keeps no body
 */
export const readAnswers = async ({ a, b, form }: Asked): Promise<ReadAnswers> => {
  const [left, right] = [await readAnswer(a, 'legacy'), await readAnswer(b, 'modern')]
  for (const [path, { seen }] of [[a, left] as const, [b, right] as const]) {
    if (seen.failure === null && seen.body.bytes === null && seen.body.length > 0)
      throw usageError(`${path} says that its body was not kept`, 'compare what has both bodies')
  }
  const hasHeads = left.hasHead && right.hasHead
  const typeOf = ({ seen }: ReadAnswer): string | null =>
    joined(fieldsOf(seen.headers), 'content-type')
  const named = form ?? formOfName(a) ?? formOfName(b)
  const written = named === null ? null : mediaTypes[named]
  const type = form === null ? (typeOf(left) ?? typeOf(right) ?? written) : written
  const bare = ({ seen }: ReadAnswer): Observation =>
    typed({ ...seen, status: seen.status === null ? null : 200, headers: [], trailers: [] }, type)
  const whole = ({ seen }: ReadAnswer): Observation => (form === null ? seen : typed(seen, type))
  const shape = hasHeads ? whole : bare
  return { legacy: shape(left), modern: shape(right), route: left.route ?? right.route }
}

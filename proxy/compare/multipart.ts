/** Bodies of several parts (RFC 2046 §5.1, RFC 7578) as values: the boundary between them is chance. Pure. */
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { decodeText } from './decode.ts'
import { type JsonValue, jsonObject, parseJson } from './json.ts'
import { announcedKind, parseMediaType } from './media-type.ts'

interface Piece {
  readonly head: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** A form has few; each costs a walk of its own. */
const mostParts = 1_000
const blank = Buffer.from('\r\n\r\n')

const headOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\r\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(':')
      if (colon < 1) return []
      return [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]]
    }),
  )

/** A part between two delimiters, each on a line of its own; null: it has no end of its head. */
const pieceOf = (bytes: Buffer): Piece | null => {
  if (bytes.subarray(0, 2).equals(blank.subarray(0, 2)))
    return { head: new Map(), body: bytes.subarray(2) }
  const end = bytes.indexOf(blank)
  if (end < 0) return null
  const head = headOf(bytes.subarray(0, end).toString('utf8'))
  return { head, body: bytes.subarray(end + blank.length) }
}

const newLine = Buffer.from('\r\n')

/** Where the line of a delimiter ends; null: what stands there only begins like one. */
const afterDelimiter = (bytes: Buffer, at: number): number | null => {
  const end = bytes.indexOf(newLine, at)
  if (end < 0) return null
  return /^[ \t]*$/.test(bytes.subarray(at, end).toString('latin1')) ? end + 2 : null
}

const dashes = Buffer.from('--')

const isLast = (bytes: Buffer, at: number): boolean => bytes.subarray(at, at + 2).equals(dashes)

const split = (bytes: Buffer, boundary: string): readonly Buffer[] | null => {
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  const whole = Buffer.concat([newLine, bytes])
  const parts: Buffer[] = []
  let [from, at] = [-1, whole.indexOf(delimiter)]
  while (at >= 0 && parts.length <= mostParts) {
    const next = at + delimiter.length
    const start = afterDelimiter(whole, next)
    const ends = isLast(whole, next)
    if (start !== null || ends) {
      if (from >= 0) parts.push(whole.subarray(from, at))
      if (ends) return parts
      from = start ?? -1
    }
    at = whole.indexOf(delimiter, next)
  }
  return null
}

const parameterOf = (piece: Piece, name: string): string | null => {
  const disposition = piece.head.get('content-disposition') ?? ''
  return parseMediaType(`x/${disposition}`)?.parameters.get(name) ?? null
}

const digest = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')} (${bytes.length} bytes)`

/** Text as text, JSON as JSON, anything else by its hash. */
const contentOf = ({ head, body }: Piece): JsonValue => {
  const type = parseMediaType(head.get('content-type') ?? 'text/plain')
  const kind = announcedKind(type)
  const decoded =
    kind === 'binary' ? null : decodeText(body, type?.parameters.get('charset') ?? null)
  if (decoded === null || !('text' in decoded)) return digest(body)
  const parsed = kind === 'json' ? parseJson(decoded.text) : null
  return parsed !== null && 'value' in parsed ? parsed.value : decoded.text
}

const partValue = (piece: Piece): JsonValue => {
  const members: [string, JsonValue][] = [['content', contentOf(piece)]]
  const type = parseMediaType(piece.head.get('content-type') ?? '')?.essence
  const filename = parameterOf(piece, 'filename')
  if (type !== undefined) members.push(['type', type])
  if (filename !== null) members.push(['filename', filename])
  return jsonObject(new Map(members))
}

/** The fields of a form by their names; a name that occurs more than once is a list. */
const byName = (pieces: readonly Piece[]): JsonValue => {
  const lists = new Map<string, JsonValue[]>()
  for (const piece of pieces) {
    const name = parameterOf(piece, 'name') ?? ''
    lists.set(name, [...(lists.get(name) ?? []), partValue(piece)])
  }
  return jsonObject(
    new Map([...lists].map(([name, list]) => [name, list.length === 1 ? (list[0] ?? null) : list])),
  )
}

/**
 * The parts as `{ content, type, filename }`: of a form by the names of its fields, else in order.
 * Null: it is no body of this boundary.
 */
export const multipartValue = (bytes: Uint8Array, boundary: string): JsonValue | null => {
  const parts = boundary === '' ? null : split(Buffer.from(bytes), boundary)
  const pieces = parts?.map(pieceOf) ?? [null]
  if (pieces.includes(null)) return null
  const whole = pieces.filter((piece) => piece !== null)
  const isForm = whole.length > 0 && whole.every((piece) => parameterOf(piece, 'name') !== null)
  return isForm ? byName(whole) : whole.map(partValue)
}

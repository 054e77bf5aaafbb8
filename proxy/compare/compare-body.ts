/** Two bodies: decoded, read as what they are, and compared as that. */
import { type Fields, joined } from './compare-headers.ts'
import { compareJson } from './compare-json.ts'
import { compareMarkup } from './compare-markup.ts'
import { compareBinaries, compareTexts } from './compare-text.ts'
import { declaredCharset } from './declared-charset.ts'
import {
  type DecodeFault,
  type DecodeLimits,
  decodeContent,
  decodeText,
  sameBytes,
} from './decode.ts'
import { formValue } from './form.ts'
import { type JsonValue, parseJson } from './json.ts'
import { announcedKind, type BodyKind, parseMediaType } from './media-type.ts'
import { multipartValue } from './multipart.ts'
import type { InconclusiveReason } from './outcome.ts'
import { parseHtml } from './parse-html.ts'
import { parseXml } from './parse-xml.ts'
import type { Walk } from './walk.ts'

/** One body with the head that tells what it is. */
export interface SentBody {
  readonly fields: Fields
  readonly bytes: Uint8Array
}

/** Null: it is not what it claims to be. */
type Reader<T> = (text: string) => T | null

const readJson: Reader<JsonValue> = (text) => {
  const parsed = parseJson(text)
  return 'value' in parsed ? parsed.value : null
}

/** Wraps, since `null` is a JSON value too. */
const boxed =
  (read: (text: string) => ReturnType<typeof parseJson>): Reader<{ value: JsonValue }> =>
  (text) => {
    const parsed = read(text)
    return 'value' in parsed ? parsed : null
  }

const jsonLines: Reader<{ value: JsonValue }> = (text) => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const values = lines.map((line) => parseJson(line))
  if (values.some((parsed) => 'fault' in parsed)) return null
  return { value: values.map((parsed) => ('value' in parsed ? parsed.value : null)) }
}

/** Reads both sides; reports it where only one of them can be read, and falls back to lines. */
const asRead =
  <T>(read: Reader<T>, compare: (walk: Walk, legacy: T, modern: T) => void) =>
  (walk: Walk, legacy: string, modern: string): void => {
    const [left, right] = [read(legacy), read(modern)]
    if (left !== null && right !== null) compare(walk, left, right)
    else if (left === null && right === null) compareTexts(walk, legacy, modern)
    else walk.report('unreadable', legacy, modern)
  }

type Compare = (walk: Walk, legacy: string, modern: string) => void

const asValue = (read: Reader<{ value: JsonValue }>): Compare =>
  asRead(read, (walk, legacy, modern) => {
    walk.hold([legacy.value, modern.value])
    compareJson(walk, legacy.value, modern.value)
  })

const comparers: Readonly<Record<Exclude<BodyKind, 'none' | 'multipart' | 'binary'>, Compare>> = {
  json: asValue(boxed(parseJson)),
  jsonLines: asValue(jsonLines),
  form: asValue((text) => ({ value: formValue(text) })),
  html: asRead(parseHtml, compareMarkup),
  xml: asRead(parseXml, compareMarkup),
  text: compareTexts,
}

const looksLikeJson = (text: string): boolean => /^\s*[[{]/.test(text)

/** PHP says text/html of everything unless told otherwise: what both say in JSON is JSON. */
const isUnannouncedJson = (kind: BodyKind | null, legacy: string, modern: string): boolean =>
  (kind === null || kind === 'html' || kind === 'text') &&
  looksLikeJson(legacy) &&
  looksLikeJson(modern) &&
  readJson(legacy) !== null &&
  readJson(modern) !== null

const typeOf = ({ fields }: SentBody) => parseMediaType(joined(fields, 'content-type') ?? '')

const charsetOf = (body: SentBody): string | null => typeOf(body)?.parameters.get('charset') ?? null

const kindOf = (legacy: SentBody, modern: SentBody): BodyKind | null =>
  announcedKind(typeOf(legacy)) ?? announcedKind(typeOf(modern))

const reasons: Readonly<Record<DecodeFault, InconclusiveReason>> = {
  coding: 'coding_unknown',
  corrupt: 'coding_corrupt',
  size: 'decoded_size',
  charset: 'charset',
}

type Read<T> = { readonly read: T } | { readonly fault: DecodeFault }

/**
 * Hands both on, if both could be read. If only one is broken, that is a finding; if neither can be
 * read, or one only by a decoder that is not here, nothing can be told.
 */
const both = <T>(
  walk: Walk,
  legacy: Read<T>,
  modern: Read<T>,
  then: (legacy: T, modern: T) => InconclusiveReason | null,
): InconclusiveReason | null => {
  if ('read' in legacy && 'read' in modern) return then(legacy.read, modern.read)
  const faults = [legacy, modern].flatMap((side) => ('fault' in side ? [side.fault] : []))
  const isOurs = faults.find((fault) => fault === 'coding' || fault === 'size')
  if (isOurs !== undefined || faults.length === 2) return reasons[isOurs ?? faults[0] ?? 'corrupt']
  const shown = (side: Read<T>): string => ('fault' in side ? `broken: ${side.fault}` : 'readable')
  walk.report('unreadable', shown(legacy), shown(modern))
  return null
}

const codingOf = (body: SentBody): string | null => joined(body.fields, 'content-encoding')

const decode = (body: SentBody, limits: DecodeLimits): Read<Uint8Array> => {
  const decoded = decodeContent(body.bytes, codingOf(body), limits)
  return 'bytes' in decoded ? { read: decoded.bytes } : decoded
}

const textOf = (body: SentBody, bytes: Uint8Array, kind: BodyKind | null): Read<string> => {
  const decoded = decodeText(bytes, charsetOf(body) ?? declaredCharset(bytes, kind))
  return 'text' in decoded ? { read: decoded.text } : decoded
}

const partsOf = (body: SentBody, bytes: Uint8Array): JsonValue | null =>
  multipartValue(bytes, typeOf(body)?.parameters.get('boundary') ?? '')

/** Part by part; where neither has the parts that it says, by hash. */
const compareParts = (
  walk: Walk,
  left: JsonValue | null,
  right: JsonValue | null,
  asBytes: () => void,
): void => {
  if (left !== null && right !== null) compareJson(walk, left, right)
  else if (left === null && right === null) asBytes()
  else walk.report('unreadable', left ?? 'no parts', right ?? 'no parts')
}

/**
 * Reports every place at which two bodies differ.
 *
 * @returns why nothing can be told of them; null: all is told
 */
export const compareBodies = (
  walk: Walk,
  legacy: SentBody,
  modern: SentBody,
  limits: DecodeLimits,
): InconclusiveReason | null => {
  // Whatever they unpack to, it is the same, and some need long to unpack.
  const isSame = sameBytes(legacy.bytes, modern.bytes) && codingOf(legacy) === codingOf(modern)
  if (isSame && walk.identities === null) return null
  return both(walk, decode(legacy, limits), decode(modern, limits), (left, right) => {
    if (sameBytes(left, right) && walk.identities === null) return null
    const kind = kindOf(legacy, modern)
    if (kind === 'multipart') {
      const [a, b] = [partsOf(legacy, left), partsOf(modern, right)]
      compareParts(walk, a, b, () => compareBinaries(walk, left, right))
      return null
    }
    const [leftText, rightText] = [textOf(legacy, left, kind), textOf(modern, right, kind)]
    const isText = 'read' in leftText && 'read' in rightText
    if (kind === 'binary' || (kind === null && !isText)) {
      compareBinaries(walk, left, right)
      return null
    }
    return both(walk, leftText, rightText, (a, b) => {
      const isJson = isUnannouncedJson(kind, a, b)
      comparers[isJson || kind === 'none' ? 'json' : (kind ?? 'text')](walk, a, b)
      return null
    })
  })
}

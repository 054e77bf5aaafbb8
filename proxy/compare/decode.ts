/** Bodies as bytes on the wire → decoded bytes → text. Bounded, synchronous, pure. */
import { Buffer, isUtf8 } from 'node:buffer'
import * as zlib from 'node:zlib'
import { leastUnbrotlied } from './brotli-length.ts'
import { charsetName } from './media-type.ts'

export interface DecodeLimits {
  /** Most bytes that may come out of the content codings. */
  readonly bytes: number
  /** Most bytes that may come out for each byte that goes in, beyond the first 64 KiB. */
  readonly ratio: number
}

export const decodeLimits: DecodeLimits = { bytes: 1_048_576, ratio: 1_200 }

/**
 * Why a body cannot be read. `coding`: a content coding that is not known here, or more than two of
 * them. `corrupt`: the coding is known and broken. `size`: it grows beyond the limits.
 * `charset`: the label is unknown, or the bytes are not what it says.
 */
export type DecodeFault = 'coding' | 'corrupt' | 'size' | 'charset'

export type Decoded = { readonly bytes: Uint8Array } | { readonly fault: DecodeFault }
export type DecodedText = { readonly text: string } | { readonly fault: DecodeFault }

type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array

/** zlib's header (RFC 1950); many servers send the bare RFC 1951 stream instead. */
const isZlib = (bytes: Uint8Array): boolean => {
  const [first = 0, second = 0] = bytes
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
}

const inflate: Inflate = (bytes, options) =>
  isZlib(bytes) ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options)

/** From Node 22.15 on. */
const zstd = (zlib as { zstdDecompressSync?: Inflate }).zstdDecompressSync

const codings: ReadonlyMap<string, Inflate | undefined> = new Map<string, Inflate | undefined>([
  ['gzip', zlib.gunzipSync],
  ['x-gzip', zlib.gunzipSync],
  ['deflate', inflate],
  ['br', zlib.brotliDecompressSync],
  ['zstd', zstd],
])

const mostCodings = 2
const freeBytes = 65_536

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'

const undo = (bytes: Uint8Array, coding: string, most: number): Decoded => {
  const inverse = codings.get(coding)
  if (inverse === undefined) return { fault: 'coding' }
  if (coding === 'br' && leastUnbrotlied(bytes) > most) return { fault: 'size' }
  try {
    return { bytes: inverse(bytes, { maxOutputLength: most }) }
  } catch (error) {
    return { fault: isTooLarge(error) ? 'size' : 'corrupt' }
  }
}

/** Names of the content codings, outermost last, as applied. */
export const contentCodings = (header: string | null): string[] =>
  (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')

/**
 * Undoes the content codings (RFC 9110 §8.4), the last one first. An empty body has none.
 *
 * @param header every value of Content-Encoding, joined by commas; null: there is none
 */
export const decodeContent = (
  bytes: Uint8Array,
  header: string | null,
  limits: DecodeLimits = decodeLimits,
): Decoded => {
  const names = contentCodings(header)
  if (bytes.length === 0 || names.length === 0) return { bytes }
  if (names.length > mostCodings) return { fault: 'coding' }
  const most = Math.min(limits.bytes, freeBytes + bytes.length * limits.ratio)
  let decoded: Uint8Array = bytes
  for (const name of names.reverse()) {
    const step = undo(decoded, name, most)
    if ('fault' in step) return step
    decoded = step.bytes
  }
  return { bytes: decoded }
}

const byteOrderMarks: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

const markedCharset = (bytes: Uint8Array): string | null =>
  byteOrderMarks.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0] ?? null

/** What windows-1252 has where latin1 has controls (WHATWG Encoding, index-windows-1252). */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** Node 20 reads these 32 bytes as latin1, whatever the standard says. */
const fromWindows1252 = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (char) => windows1252.charAt(char.charCodeAt(0) - 0x80))

/**
 * Bytes as text. A byte order mark decides, then the label, then UTF-8; the mark is left out.
 * Bytes that are not what the charset says are a fault, never replaced: U+FFFD on both sides would
 * make different bytes equal.
 *
 * @param label the `charset` parameter, any name of the WHATWG Encoding Standard; null: none
 */
export const decodeText = (bytes: Uint8Array, label: string | null): DecodedText => {
  const charset = markedCharset(bytes) ?? charsetName(label ?? 'utf-8')
  if (charset === 'windows-1252') return { text: fromWindows1252(bytes) }
  if (charset === 'utf-8' && !isUtf8(bytes)) return { fault: 'charset' }
  try {
    return { text: new TextDecoder(charset, { fatal: true }).decode(bytes) }
  } catch {
    return { fault: 'charset' }
  }
}

/** Whether two bodies are byte for byte the same: one memcmp. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && Buffer.compare(a, b) === 0

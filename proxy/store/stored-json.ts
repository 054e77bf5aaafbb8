/** What is kept of exchanges as one line of JSON, and back: bodies as text where they are text. Pure. */
import { Buffer, isUtf8 } from 'node:buffer'
import type { Exemplar } from '../shadow/finding.ts'

const textMark = '$text'
const bytesMark = '$base64'

const fromBytes = (bytes: Uint8Array): unknown => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return isUtf8(buffer)
    ? { [textMark]: buffer.toString('utf8') }
    : { [bytesMark]: buffer.toString('base64') }
}

const toBytes = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (textMark in value) return Buffer.from(String(value[textMark]), 'utf8')
  return bytesMark in value ? Buffer.from(String(value[bytesMark]), 'base64') : value
}

/** Bytes as text where they are text; a cause is for the log alone. */
export const storedText = (value: unknown): string =>
  // A function of its own `this`: a Buffer has become a list of numbers when its value is given.
  JSON.stringify(value, function (this: Record<string, unknown>, name, each) {
    if (name === 'cause') return null
    const held = this[name]
    return held instanceof Uint8Array ? fromBytes(held) : each
  })

/** What `storedText` wrote. @throws SyntaxError where it is no JSON */
export const readStored = (text: string): unknown => JSON.parse(text, (_, value) => toBytes(value))

export const exemplarText = (exemplar: Exemplar): string => storedText(exemplar)

export const readExemplar = (text: string): Exemplar => readStored(text) as Exemplar

/** The charset that a page or a document names in itself, for want of one in its head. Pure. */
import { Buffer } from 'node:buffer'
import { type BodyKind, charsetName } from './media-type.ts'

/** `<meta charset=…>` and its older form (WHATWG HTML §13.2.3.2); the XML declaration (XML 1.0 §4.3.3). */
const forms: Partial<Record<BodyKind, RegExp>> = {
  html: /<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})/i,
  xml: /^<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{2,40})["']/,
}

const lookedAt = 1_024

/** UTF-16 that can be read here is none: what says it is not written in it. */
const isPossible = (label: string): boolean => {
  if (/^utf-?16/i.test(label)) return false
  try {
    return new TextDecoder(charsetName(label)).encoding !== ''
  } catch {
    return false
  }
}

/** Null: it names none, or one that nobody knows, which browsers overlook. */
export const declaredCharset = (bytes: Uint8Array, kind: BodyKind | null): string | null => {
  const form = kind === null ? undefined : forms[kind]
  if (form === undefined) return null
  const start = Buffer.from(bytes.subarray(0, lookedAt)).toString('latin1')
  const name = form.exec(start)?.[1] ?? null
  return name !== null && isPossible(name) ? name : null
}

/** Secrets in bodies, whatever coding, charset and form they have. Pure. */
import { Buffer, isUtf8 } from 'node:buffer'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { joined } from '../compare/compare-headers.ts'
import { contentCodings, decodeContent } from '../compare/decode.ts'
import { announcedKind, type MediaType, parseMediaType } from '../compare/media-type.ts'
import type { SecretNames } from './redact-names.ts'
import type { Tokens } from './redact-token.ts'

export interface BodyParts {
  readonly names: SecretNames
  readonly tokens: Tokens
  readonly text: (text: string) => string
  readonly json: (text: string) => string
  readonly form: (text: string) => string
}

export interface BodyRedaction {
  /** @param fields of the message; they say what the bytes are */
  body(bytes: Uint8Array, fields: ReadonlyMap<string, readonly string[]>): Uint8Array
}

const brotli = (bytes: Uint8Array): Uint8Array =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })

const coders: ReadonlyMap<string, (bytes: Uint8Array) => Uint8Array> = new Map([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotli],
])

/** Null: there is a coding that cannot be put on again. */
const encode = (bytes: Uint8Array, codings: readonly string[]): Uint8Array | null => {
  let coded: Uint8Array = bytes
  for (const name of codings) {
    const coder = coders.get(name)
    if (coder === undefined) return null
    coded = coder(coded)
  }
  return coded
}

/** Control characters that no text has. */
const isText = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const startsLikeJson = /^[\s\uFEFF]*[{["]/

const disposition = /^content-disposition:.*?[;\s]name="?([^";\r\n]*)/im
const partType = /^content-type:[ \t]*([^\r\n]*)/im
const partForm = /^((?:[^\r\n]+\r?\n)*)\r?\n([\s\S]*?)(\r?\n?)$/

/** Every text that holds secrets as text does: JSON, or JSON by its looks, or anything else. */
export const createDocumentRedaction =
  ({ text, json }: Pick<BodyParts, 'text' | 'json'>) =>
  (document: string): string => {
    if (!startsLikeJson.test(document)) return text(document)
    return isJson(document) ? json(document) : text(json(document))
  }

export const createBodyRedaction = (parts: BodyParts): BodyRedaction => {
  const { names, tokens, form } = parts
  const document = createDocumentRedaction(parts)

  /** Says no more of what nobody can read than whether it is the same. */
  const instead = (bytes: Uint8Array): Uint8Array =>
    Buffer.from(`[${bytes.length} bytes, ${tokens.of(Buffer.from(bytes).toString('latin1'))}]`)
  const ofKind = (text: string, type: MediaType | null): string => {
    const kind = announcedKind(type)
    if (kind === 'form') return form(text)
    return kind === 'jsonLines' ? text.split('\n').map(document).join('\n') : document(text)
  }
  const part = (raw: string): string => {
    const [whole, head = '', inner = '', end = ''] = partForm.exec(raw) ?? []
    if (whole === undefined) return document(raw)
    const bytes = Buffer.from(inner, 'latin1')
    const isSecret = inner !== '' && names.isSecret(disposition.exec(head)?.[1] ?? '')
    const type = parseMediaType(partType.exec(head)?.[1] ?? 'text/plain')
    const shown = isSecret
      ? tokens.of(bytes.toString('utf8'))
      : Buffer.from(content(bytes, type)).toString('latin1')
    return `${parts.text(head)}\r\n${shown}${end}`
  }
  const multipart = (bytes: Uint8Array, boundary: string): Uint8Array => {
    const pieces = Buffer.from(bytes).toString('latin1').split(`--${boundary}`)
    const shown = pieces.map((piece) => {
      const [start = ''] = /^\r?\n/.exec(piece) ?? []
      return start === '' ? document(piece) : start + part(piece.slice(start.length))
    })
    return Buffer.from(shown.join(`--${boundary}`), 'latin1')
  }
  const content = (bytes: Uint8Array, type: MediaType | null): Uint8Array => {
    const boundary = type?.parameters.get('boundary')
    if (type?.essence.startsWith('multipart/') && boundary) return multipart(bytes, boundary)
    if (announcedKind(type) === 'binary') return instead(bytes)
    const charset = isUtf8(bytes) ? 'utf8' : 'latin1'
    const text = Buffer.from(bytes).toString(charset)
    if (!isText(text)) return instead(bytes)
    const shown = ofKind(text, type)
    return shown === text ? bytes : Buffer.from(shown, charset)
  }
  return {
    body(bytes, fields) {
      if (bytes.length === 0) return bytes
      const header = joined(fields, 'content-encoding')
      const plain = decodeContent(bytes, header)
      if ('fault' in plain) return instead(bytes)
      const shown = content(plain.bytes, parseMediaType(joined(fields, 'content-type') ?? ''))
      return shown === plain.bytes
        ? bytes
        : (encode(shown, contentCodings(header)) ?? instead(bytes))
    },
  }
}

/** Secrets in header lines: names, order and attributes stay. Pure. */
import type { RawHeaders } from '../targets/send.ts'
import type { SecretNames } from './redact-names.ts'
import type { Tokens } from './redact-token.ts'

export interface HeaderParts {
  readonly names: SecretNames
  readonly tokens: Tokens
  readonly text: (text: string) => string
  readonly url: (text: string) => string
}

type Redact = (value: string, parts: HeaderParts) => string

const keep: Redact = (value) => value
const url: Redact = (value, { url: redact }) => redact(value)

const scheme: Redact = (value, { tokens }) => {
  const [, name = '', secret = ''] = /^\s*([\w-]+\s+)?(.*)$/s.exec(value) ?? []
  return secret === '' ? value : name + tokens.of(secret)
}

const pair = (text: string, { tokens }: HeaderParts): string => {
  const at = text.indexOf('=')
  if (at === -1) return text.trim() === '' ? text : tokens.of(text)
  const value = text.slice(at + 1)
  return value === '' ? text : `${text.slice(0, at)}=${tokens.of(value)}`
}

const cookies: Redact = (value, parts) =>
  value
    .split(';')
    .map((each) => /^\s*/.exec(each)?.[0] + pair(each.trimStart(), parts))
    .join(';')

const setCookie: Redact = (value, parts) => {
  const [first = '', ...attributes] = value.split(';')
  return [pair(first, parts), ...attributes.map((each) => parts.text(each))].join(';')
}

const links: Redact = (value, parts) =>
  parts.text(value.replace(/<([^<>]{1,4096})>/g, (_, target: string) => `<${parts.url(target)}>`))

const refresh: Redact = (value, parts) =>
  value.replace(
    /(url\s*=\s*["']?)([^"']+)/i,
    (_, before: string, target: string) => before + parts.url(target),
  )

const ways: ReadonlyMap<string, Redact> = new Map<string, Redact>([
  ['cookie', cookies],
  ['set-cookie', setCookie],
  ['authorization', scheme],
  ['proxy-authorization', scheme],
  ['location', url],
  ['content-location', url],
  ['referer', url],
  ['x-original-url', url],
  ['x-rewrite-url', url],
  ['x-forwarded-uri', url],
  ['link', links],
  ['refresh', refresh],
  ['traceparent', keep],
  ['x-request-id', keep],
  ['content-type', keep],
  ['content-length', keep],
  ['date', keep],
])

/** One value of a header. */
export const redactHeader = (name: string, value: string, parts: HeaderParts): string => {
  const way = ways.get(name.toLowerCase())
  if (way !== undefined) return way(value, parts)
  if (value !== '' && parts.names.isSecretHeader(name)) return parts.tokens.of(value)
  return parts.text(value)
}

export const redactHeaders = (headers: RawHeaders, parts: HeaderParts): RawHeaders =>
  headers.map((text, at) =>
    at % 2 === 0 ? text : redactHeader(headers[at - 1] ?? '', text, parts),
  )

/** A stored request as a curl command, for any POSIX shell. Pure. */
import { Buffer } from 'node:buffer'
import type { Exemplar } from '../shadow/finding.ts'
import type { RawHeaders } from '../targets/send.ts'
import { isWord, shellWord } from './shell-words.ts'

export interface CurlInput {
  readonly request: Exemplar['request']
  /** `http://127.0.0.1:8080` */
  readonly origin: string
  /** Headers that the request did not have. */
  readonly more: RawHeaders
}

export interface CurlLine {
  readonly line: string
  /** Variables that the line reads; each stands for what was not kept. */
  readonly placeholders: readonly string[]
  /** Whether the request had a body that was not kept. */
  readonly lacksBody: boolean
}

/** What curl says itself, or what belongs to the connection of then. */
const ours = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'expect'])

/** What curl would add by itself. */
const added = ['accept', 'user-agent'] as const

/** What stands for a secret (a keyed hash), or for a value that was never kept. */
const redacted = /hmac:[\da-f]{16}|…|%E2%80%A6|hmac%3A[\da-f]{16}/gi

/** Never one that a shell gives a meaning to. */
const nameOf = (hint: string): string => `SECRET_${hint.toUpperCase().replace(/[^A-Z\d]+/g, '_')}`

/** Names variables: one secret, one name, wherever it stands. */
const createNames = () => {
  const names = new Map<string, string>()
  const isTaken = (name: string): boolean => [...names.values()].includes(name)
  const free = (wanted: string): string => {
    let [name, count] = [wanted, 1]
    while (isTaken(name)) name = `${wanted}_${++count}`
    return name
  }
  return {
    of(secret: string, hint: string): string {
      const isToken = /[\da-f]{16}$/i.test(secret)
      const key = isToken ? secret.slice(-16).toLowerCase() : `${hint} ${names.size}`
      const name = names.get(key) ?? free(nameOf(hint))
      names.set(key, name)
      return name
    },
    list: (): readonly string[] => [...names.values()],
  }
}

type Names = ReturnType<typeof createNames>

/** `"$NAME"` where something was taken out, everything else quoted as it is. */
const word = (text: string, names: Names, hint: string): string => {
  const parts: string[] = []
  let at = 0
  for (const found of text.matchAll(redacted)) {
    const before = text.slice(at, found.index)
    if (before !== '') parts.push(shellWord(Buffer.from(before, 'latin1')))
    parts.push(`"$${names.of(found[0], hint)}"`)
    at = found.index + found[0].length
  }
  const rest = text.slice(at)
  if (rest !== '' || parts.length === 0) parts.push(shellWord(Buffer.from(rest, 'latin1')))
  return parts.join('')
}

const pairsOf = (headers: RawHeaders): (readonly [string, string])[] =>
  headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? ''] as const] : []))

const headerWords = (headers: RawHeaders, hasBody: boolean, names: Names): readonly string[] => {
  const sent = pairsOf(headers).filter(([name]) => !ours.has(name.toLowerCase()))
  const has = (name: string): boolean => sent.some(([each]) => each.toLowerCase() === name)
  const silent = [...added, ...(hasBody ? ['content-type'] : [])].filter((name) => !has(name))
  return [
    ...sent.map(([name, value]) =>
      // A header that is there and empty is written so; with a colon curl would leave it out.
      word(value === '' ? `${name};` : `${name}: ${value}`, names, name),
    ),
    ...silent.map((name) => shellWord(Buffer.from(`${name}:`))),
  ].map((text) => `-H ${text}`)
}

const methodWords = (method: string): readonly string[] =>
  method === 'HEAD' ? ['--head'] : ['-X', shellWord(Buffer.from(method, 'latin1'))]

/** Bytes that no word can hold come in by a pipe; an `@` at the start names no file. */
const bodyWords = (body: Uint8Array, names: Names): { pipe: string; words: readonly string[] } => {
  if (isWord(body)) {
    const text = Buffer.from(body).toString('latin1')
    return { pipe: '', words: ['--data-raw', word(text, names, 'body')] }
  }
  const encoded = Buffer.from(body).toString('base64')
  return { pipe: `printf %s '${encoded}' | base64 -d | `, words: ['--data-binary', '@-'] }
}

const bodiless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])

export const curlLine = ({ request, origin, more }: CurlInput): CurlLine => {
  const { method, url, headers, body } = request
  const names = createNames()
  const content =
    body === null || body.length === 0 ? { pipe: '', words: [] } : bodyWords(body, names)
  const path = url.startsWith('/') ? url : `/${url.replace(/^https?:\/\/[^/]*\/?/i, '')}`
  const parts = [
    'curl -sS -i --globoff --path-as-is --compressed',
    methodWords(method).join(' '),
    ...headerWords([...headers, ...more], content.words.length > 0, names),
    ...(content.words.length === 0 ? [] : [content.words.join(' ')]),
    word(`${origin}${path}`, names, 'query'),
  ]
  return {
    line: `${content.pipe}${parts.join(' \\\n  ')}`,
    placeholders: names.list(),
    lacksBody: body === null && !bodiless.has(method),
  }
}

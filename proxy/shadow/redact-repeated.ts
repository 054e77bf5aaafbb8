/** Secrets of a request wherever its answers repeat them, in whatever form they write them. Pure. */
import { createTextSearch } from './redact-search.ts'
import { percentEncoded } from './redact-text.ts'
import { isToken, type Tokens } from './redact-token.ts'

/** What stands for each secret; or there are so many that nothing of an answer may be shown. */
export type Secrets = ReadonlyMap<string, string> | 'too many'

/** So many of one request are looked for. */
const mostSecrets = 256
/** Shorter ones, such as `1` or `true`, would eat the answer; so would short words. */
const shortest = 6
const shortestWord = 8

const isTelling = (secret: string): boolean =>
  secret.length >= (/^[a-z]+$/i.test(secret) ? shortestWord : shortest) && !isToken(secret)

/** Tokens that remember what they were made of. */
export const noteSecrets = (tokens: Tokens): { tokens: Tokens; secrets: () => Secrets } => {
  const secrets = new Map<string, string>()
  const noting =
    (tokenOf: (secret: string) => string) =>
    (secret: string): string => {
      const shown = tokenOf(secret)
      const isNoted = secrets.size <= mostSecrets && isTelling(secret)
      if (isNoted && !secrets.has(secret)) secrets.set(secret, shown)
      return shown
    }
  return {
    tokens: { of: noting(tokens.of), number: noting(tokens.number), shaped: tokens.shaped },
    secrets: () => (secrets.size > mostSecrets ? 'too many' : secrets),
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#039;',
}

const html = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char)
const json = (text: string): string => JSON.stringify(text).slice(1, -1)

const forms: readonly ((text: string) => string)[] = [
  (text) => text,
  percentEncoded,
  (text) => percentEncoded(text).replaceAll('%20', '+'),
  (text) => percentEncoded(text).replace(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase()),
  html,
  (text) => html(text).replaceAll('&#039;', '&#39;'),
  (text) =>
    html(text).replaceAll('&#039;', '&#39;').replaceAll('&quot;', '&#34;').replaceAll('+', '&#43;'),
  (text) =>
    html(text).replaceAll('&#039;', '&#x27;').replaceAll('=', '&#x3D;').replaceAll('`', '&#x60;'),
  json,
  (text) => json(text).replaceAll('/', '\\/'),
]

/** Values of cookies come escaped. */
const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What is in a signed cookie, as Express and Rack sign them. */
const signed = /^(?:s:)?(.{6,4096}?)(?:\.[\w+/=-]{20,88}|--[\da-f]{40,64})$/s
/** `Basic` credentials, of which the password is secret. */
const base64 = /^[A-Za-z\d+/]{8,2048}={0,2}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: bytes that are no text
const credentials = /^[^:\x00-\x1f\ufffd]{0,256}:([^\x00-\x1f\ufffd]{1,256})$/

const parts = (secret: string): readonly string[] => [
  ...(signed.exec(secret)?.slice(1) ?? []),
  ...(base64.test(secret)
    ? (credentials.exec(Buffer.from(secret, 'base64').toString())?.slice(1) ?? [])
    : []),
]

/** What an answer may say of it: it came quoted, escaped, signed, or in base64. */
const readings = (secret: string): ReadonlySet<string> => {
  const bare = secret.replace(/^"|"$/g, '')
  const plain = unescaped(bare)
  return new Set([secret, bare, plain, ...parts(bare), ...parts(plain)])
}

const hideAll =
  (tokens: Tokens) =>
  (text: string): string =>
    text === '' || isToken(text) ? text : tokens.of(text)

/** What stands for each form that a secret may have. */
const insteadOf = (secrets: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  const instead = new Map<string, string>()
  for (const [secret, shown] of secrets)
    for (const reading of readings(secret))
      for (const form of forms) {
        const written = form(reading)
        if (isTelling(written) && !instead.has(written)) instead.set(written, shown)
      }
  return instead
}

/** Takes the secrets out of a text, in one pass; all of it where they are too many to be looked for. */
export const hideRepeated = (secrets: Secrets, tokens: Tokens): ((text: string) => string) => {
  if (secrets === 'too many') return hideAll(tokens)
  const instead = insteadOf(secrets)
  if (instead.size === 0) return (text) => text
  const search = createTextSearch(instead.keys())
  if (search === null) return hideAll(tokens)
  return (text) => {
    let out = ''
    let last = 0
    for (const { from, to } of search(text)) {
      const found = text.slice(from, to)
      out += text.slice(last, from) + (instead.get(found) ?? tokens.of(found))
      last = to
    }
    return last === 0 ? text : out + text.slice(last)
  }
}

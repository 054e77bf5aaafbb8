/** Secrets of a request wherever its answers repeat them, in whatever form they write them. Pure. */
import { isAddress } from './redact-detect.ts'
import { createTextSearch } from './redact-search.ts'
import { percentEncoded } from './redact-text.ts'
import { isToken, type Tokens } from './redact-token.ts'

/** What stands for each secret. */
export type Secrets = ReadonlyMap<string, string>

/** So many of one request are looked for, and none that is longer. */
const mostSecrets = 256
const longest = 4_096
/** Shorter ones, such as `1` or `true`, would eat the answer; so would short words. */
const shortest = 6
const shortestWord = 8

const isTelling = (secret: string): boolean =>
  secret.length >= (/^[a-z]+$/i.test(secret) ? shortestWord : shortest) &&
  secret.length <= longest &&
  !isToken(secret)

/** Tokens that remember what they were made of, as far as it is not found by its looks anyway. */
export const noteSecrets = (tokens: Tokens, secrets: Map<string, string>): Tokens => {
  const noting =
    (tokenOf: (secret: string) => string) =>
    (secret: string): string => {
      const shown = tokenOf(secret)
      const isNoted = secrets.size < mostSecrets && isTelling(secret) && !isAddress(secret)
      if (isNoted && !secrets.has(secret)) secrets.set(secret, shown)
      return shown
    }
  return { of: noting(tokens.of), number: noting(tokens.number), shaped: tokens.shaped }
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
  json,
  (text) => json(text).replaceAll('/', '\\/'),
]

/** Values of cookies come quoted and escaped. */
const readings = (secret: string): readonly string[] => {
  const bare = secret.replace(/^"|"$/g, '')
  try {
    return [secret, bare, decodeURIComponent(bare)]
  } catch {
    return [secret, bare]
  }
}

/** Takes the secrets out of a text, in one pass. */
export const hideRepeated = (secrets: Secrets, tokens: Tokens): ((text: string) => string) => {
  const instead = new Map<string, string>()
  for (const [secret, shown] of secrets)
    for (const reading of readings(secret))
      for (const form of forms) {
        const written = form(reading)
        if (isTelling(written) && !instead.has(written)) instead.set(written, shown)
      }
  if (instead.size === 0) return (text) => text
  const search = createTextSearch(instead.keys())
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

/** Secrets that are known by their looks, wherever they stand. Pure. */
import type { Tokens } from './redact-token.ts'

/** Whether digits are a card number: ISO/IEC 7812, and of an issuer there is. */
const isCard = (digits: string): boolean => {
  if (digits.length < 13 || digits.length > 19 || !/^[2-6]/.test(digits)) return false
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at])
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** ISO 13616: the remainder of the rearranged number by 97 is 1. */
const isIban = (text: string): boolean => {
  const plain = text.replaceAll(' ', '').toUpperCase()
  if (plain.length < 15 || plain.length > 34) return false
  const moved = plain.slice(4) + plain.slice(0, 4)
  let rest = 0
  for (const char of moved) {
    const value = Number.parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

const isMixed = (text: string): boolean =>
  /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text)

interface Detector {
  readonly looks: RegExp
  /** Whether what looks like one is one; absent: it is. */
  readonly is?: (found: string) => boolean
  readonly becomes: (found: string, tokens: Tokens) => string
}

const wholly: Detector['becomes'] = (found, tokens) => tokens.of(found)
const credentials: Detector['becomes'] = (found, tokens) => {
  const [scheme = '', secret = ''] = found.split(/\s+/)
  return `${scheme} ${tokens.of(secret)}`
}
const shaped: Detector['becomes'] = (found, tokens) => tokens.shaped(found)

/** Every repetition is bounded: nothing that a target sends may take long to look through. */
// biome-ignore format: a table reads best as a table
const detectors: readonly Detector[] = [
  { looks: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g, becomes: wholly },
  { looks: /\b(?:Basic|Bearer|Digest|Token)\s{1,4}[\w+/=.~-]{8,4096}/gi, is: (found) => /\d|\s\S{20}/.test(found), becomes: credentials },
  { looks: /\beyJ[\w-]{5,8192}(?:\.[\w-]{0,8192}){0,4}/g, becomes: wholly },
  { looks: /\b(?:sk|pk|rk)_(?:live|test)_\w{8,256}|\bgh[oprsu]_\w{16,256}|\bgithub_pat_\w{16,256}|\b(?:AKIA|ASIA)[A-Z\d]{12,128}|\bxox[abprs]-[\w-]{8,256}|\bAIza[\w-]{20,128}|\bglpat-[\w-]{12,128}|\bSG\.[\w-]{16,128}(?:\.[\w-]{16,128})?|\bsk-[\w-]{16,256}/g, becomes: wholly },
  { looks: /[\w.+'-]{1,64}(?:@|%40|&#0{0,4}64;|&#[xX]40;)[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}/g, is: (found) => !found.endsWith('@redacted.invalid'), becomes: (found, tokens) => `${tokens.of(found.replace(/%40|&#\w+;/, '@').toLowerCase()).replace(':', '-')}@redacted.invalid` },
  { looks: /\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z\d]{4}){2,7}(?: ?[A-Za-z\d]{1,3})?\b/g, is: isIban, becomes: (found, tokens) => found.slice(0, 2) + tokens.shaped(found).slice(2) },
  { looks: /(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w]|\.\d)/g, is: (found) => isCard(found.replace(/[ -]/g, '')), becomes: shaped },
  { looks: /\b\d{3}-\d{2}-\d{4}\b/g, becomes: shaped },
  { looks: /(?<![\w+])(?:\+|00)[1-9]\d{0,2}(?:[ ().-]{0,2}\d){6,12}(?!\d)/g, becomes: shaped },
  { looks: /(?<![\w.])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w])/g, becomes: shaped },
  { looks: /\b(?:[\da-f]{32,256}|[\dA-F]{32,256})\b/g, becomes: wholly },
  { looks: /(?<![\w+/=-])[\w+-]{40,8192}(?![\w+])|(?<![\w+/=-])[A-Za-z\d+/]{40,8192}={1,2}/g, is: isMixed, becomes: wholly },
]

/** Whether the text may hold any of them at all. */
const mayHold = /\d|@|&#|PRIVATE KEY|basic|bearer|digest|token|eyJ|xox/i

/** A text in which tokens stand for what looks like a secret. */
export const redactLooks = (text: string, tokens: Tokens): string => {
  if (!mayHold.test(text)) return text
  return detectors.reduce(
    (rest, { looks, is = () => true, becomes }) =>
      rest.replace(looks, (found) => (is(found) ? becomes(found, tokens) : found)),
    text,
  )
}

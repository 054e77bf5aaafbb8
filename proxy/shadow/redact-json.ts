/**
 * Secrets in JSON, token by token: everything else stays byte for byte as it came, digits of numbers
 * and repeated names too. What is no JSON, or was cut, is read as far as it goes. Pure.
 */
import type { SecretNames } from './redact-names.ts'
import type { Tokens } from './redact-token.ts'

interface Frame {
  readonly isObject: boolean
  /** All below a secret name is secret. */
  readonly isSecret: boolean
  /** Whether a name comes next. */
  wantsName: boolean
  name: string
  /** A member has said that `value` beside it is secret: `{"name":"token","value":"…"}`. */
  namesSecret: boolean
}

export interface JsonRedaction {
  /** @param isSecret whether all of it is */
  json(text: string, isSecret?: boolean): string
}

const lexeme = /"[^"\\]*(?:\\.[^"\\]*)*"?|-?\d[\d.eE+-]*|[{}[\],]/gs
const mostDepth = 512

const decodedString = (lexeme: string): string => {
  const closed = /[^\\]"$|^""$/.test(lexeme) ? lexeme : `${lexeme.replace(/\\$/, '')}"`
  try {
    return String(JSON.parse(closed))
  } catch {
    return closed.slice(1, -1)
  }
}

const frameOf = (isObject: boolean, isSecret: boolean): Frame => ({
  isObject,
  isSecret,
  wantsName: isObject,
  name: '',
  namesSecret: false,
})

/** Names that are rather data: ids, tokens, long texts. */
const looksLikeData = (name: string): boolean => /\d{2}/.test(name) || name.length > 24

export interface JsonParts {
  readonly names: SecretNames
  readonly tokens: Tokens
  /** For strings that are not secret by their name. */
  readonly text: (text: string) => string
  /** For numbers that are too short to look like anything. */
  readonly repeated: (text: string) => string
}

const redactString = (found: string, isSecret: boolean, { tokens, text }: JsonParts): string => {
  const value = decodedString(found)
  if (value === '') return found
  const shown = isSecret ? tokens.of(value) : text(value)
  return shown === value ? found : JSON.stringify(shown)
}

const redactNumber = (found: string, isSecret: boolean, parts: JsonParts): string => {
  const { tokens, text, repeated } = parts
  if (isSecret) return tokens.number(found)
  const shown = found.length < 9 ? repeated(found) : text(found)
  return /^-?\d[\d.eE+-]*$/.test(shown) ? shown.replace(/^0+(?=\d)/, '1') : tokens.number(found)
}

const readName = (frame: Frame, found: string, parts: JsonParts): string => {
  const name = decodedString(found)
  frame.name = name
  frame.wantsName = false
  const shown = frame.isSecret && looksLikeData(name) ? parts.tokens.of(name) : parts.text(name)
  return shown === name ? found : JSON.stringify(shown)
}

const isSecretHere = (frame: Frame, names: SecretNames): boolean => {
  if (frame.isSecret) return true
  if (!frame.isObject) return false
  return (
    names.isSecret(frame.name) || (frame.namesSecret && /^(?:value|content)$/i.test(frame.name))
  )
}

const readScalar = (frame: Frame, found: string, parts: JsonParts): string => {
  const isSecret = isSecretHere(frame, parts.names)
  if (!found.startsWith('"')) return redactNumber(found, isSecret, parts)
  if (/^(?:name|key|field|id|type|header)$/i.test(frame.name))
    frame.namesSecret = parts.names.isSecret(decodedString(found))
  return redactString(found, isSecret, parts)
}

/** Reads one lexeme, and returns what stands for it. */
const createReader = (isSecret: boolean, parts: JsonParts): ((found: string) => string) => {
  const bottom = frameOf(false, isSecret)
  const frames: Frame[] = []
  const top = (): Frame => frames[frames.length - 1] ?? bottom
  const open = (isObject: boolean): void => {
    if (frames.length < mostDepth) frames.push(frameOf(isObject, isSecretHere(top(), parts.names)))
  }
  const next = (): void => {
    top().wantsName = top().isObject
  }
  const marks: Readonly<Record<string, () => void>> = {
    '{': () => open(true),
    '[': () => open(false),
    '}': () => void frames.pop(),
    ']': () => void frames.pop(),
    ',': next,
  }
  return (found) => {
    const mark = marks[found]
    if (mark !== undefined) {
      mark()
      return found
    }
    const isName = top().wantsName && found.startsWith('"')
    return isName ? readName(top(), found, parts) : readScalar(top(), found, parts)
  }
}

export const createJsonRedaction = (parts: JsonParts): JsonRedaction => ({
  json(text, isSecret = false) {
    const read = createReader(isSecret, parts)
    return text.replace(lexeme, (found) => read(found))
  },
})

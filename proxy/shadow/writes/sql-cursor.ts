/** A walk through the tokens of one statement. */
import type { SqlToken } from './sql-tokens.ts'

/** A part of a statement's text: from its first character to the one after its last. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface Cursor {
  readonly tokens: readonly SqlToken[]
  peek(ahead?: number): SqlToken | undefined
  isOver(): boolean
  /** Whether the next token is this word or sign; then it is behind the cursor. */
  skip(says: string): boolean
  /** The next token as a name; null: it is none. */
  name(): string | null
  /** All tokens to the next of these words or signs that stands in no parentheses; null: none. */
  until(ends: readonly string[]): Span | null
  /** All that is left. */
  rest(): Span
}

/** Bare words that end something: they are never names here. */
const reserved: ReadonlySet<string> = new Set(
  (
    'SELECT FROM WHERE SET VALUES VALUE ON IGNORE INTO LOW_PRIORITY DELAYED HIGH_PRIORITY QUICK ' +
    'PARTITION JOIN INNER LEFT RIGHT CROSS NATURAL USING ORDER LIMIT GROUP RETURNING AS UPDATE DELETE'
  ).split(' '),
)

const isSaying = (token: SqlToken | undefined, says: string): boolean =>
  token?.says === says && (token.is === 'word' || token.is === 'sign')

/** How a token changes the number of open parentheses. */
const depthOf = (token: SqlToken | undefined): number => {
  if (isSaying(token, '(')) return 1
  return isSaying(token, ')') ? -1 : 0
}

/** Index of the first of these that stands in no parentheses, or of one that closes more. */
const findEnd = (tokens: readonly SqlToken[], from: number, ends: readonly string[]): number => {
  let depth = 0
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (depth === 0 && ends.some((end) => isSaying(token, end))) return at
    depth += depthOf(token)
    if (depth < 0) return at
  }
  return tokens.length
}

export const createCursor = (tokens: readonly SqlToken[]): Cursor => {
  let at = 0
  const until: Cursor['until'] = (ends) => {
    const start = at
    at = findEnd(tokens, at, ends)
    const [first, last] = [tokens[start], tokens[at - 1]]
    return at === start || first === undefined || last === undefined
      ? null
      : { from: first.from, to: last.to }
  }
  return {
    tokens,
    peek: (ahead = 0) => tokens[at + ahead],
    isOver: () => at >= tokens.length,
    skip(says) {
      if (!isSaying(tokens[at], says)) return false
      at += 1
      return true
    },
    name() {
      const token = tokens[at]
      const isName = token?.is === 'name' || (token?.is === 'word' && !reserved.has(token.says))
      if (token === undefined || !isName) return null
      at += 1
      return token.raw
    },
    until,
    rest: () => until([]) ?? { from: 0, to: 0 },
  }
}

/**
 * The tokens of one MySQL or MariaDB statement (MySQL manual 11.1 Literal Values, 11.2 Schema Object
 * Names, 11.7 Comments). What has more than one reading has none: then there are no tokens.
 */

export interface SqlToken {
  /** `word`: bare; `name`: in backticks, or in double quotes where these quote names. */
  readonly is: 'word' | 'name' | 'text' | 'number' | 'place' | 'variable' | 'sign'
  /** A word in upper case, a name without its quotes, anything else as it stands. */
  readonly says: string
  /** As written, but a name without its quotes. */
  readonly raw: string
  /** Where it stands in the statement: from the first character to the one after the last. */
  readonly from: number
  readonly to: number
}

/** What of `sql_mode` changes how a statement is read. */
export interface SqlReading {
  readonly ansiQuotes: boolean
  readonly backslashEscapes: boolean
}

export interface Tokens {
  readonly tokens: readonly SqlToken[]
}

/** Why a statement is not understood. */
export interface Unread {
  readonly why: string
}

interface Cut {
  readonly is: SqlToken['is'] | 'gap'
  readonly to: number
}

const gap = (to: number): Cut => ({ is: 'gap', to })

class UnreadError extends Error {}

const refuse = (why: string): never => {
  throw new UnreadError(why)
}

const wordStart = /[A-Za-z_$\u0080-\uffff]/
const wordRest = /[A-Za-z0-9_$\u0080-\uffff]/
const digits = /[0-9]/
const blank = /[ \t\r\n\v\f]/

const runOf = (sql: string, from: number, part: RegExp): number => {
  let at = from
  while (at < sql.length && part.test(sql.charAt(at))) at += 1
  return at
}

const lineEnd = (sql: string, from: number): number => {
  const end = sql.indexOf('\n', from)
  return end === -1 ? sql.length : end + 1
}

/** To the quote that ends it; a doubled quote is one inside. */
const quotedEnd = (sql: string, from: number, escapes: boolean): number => {
  const quote = sql.charAt(from)
  for (let at = from + 1; at < sql.length; at += 1) {
    const here = sql.charAt(at)
    if (here === '\\' && escapes) at += 1
    else if (here === quote && sql.charAt(at + 1) === quote) at += 1
    else if (here === quote) return at + 1
  }
  return refuse('a quote is not closed')
}

const blockEnd = (sql: string, from: number): number => {
  const kind = sql.slice(from + 2, from + 4)
  if (kind.startsWith('!') || kind === 'M!') refuse('a comment would be executed')
  if (kind.startsWith('+')) refuse('a comment is a hint to the server')
  const end = sql.indexOf('*/', from + 2)
  if (end === -1) refuse('a comment is not closed')
  // MySQL has been of two minds about comments within comments.
  if (sql.slice(from + 2, end).includes('/*')) refuse('a comment lies within a comment')
  return end + 2
}

const dashes = (sql: string, from: number): Cut => {
  const next = sql.charAt(from + 2)
  if (next === '' || blank.test(next)) return gap(lineEnd(sql, from))
  // Elsewhere than in MySQL this is a comment; in MySQL it is minus minus.
  return refuse('two dashes without a blank')
}

const numberEnd = (sql: string, from: number): number => {
  const plain = /(?:0[xX][0-9a-fA-F]+|0b[01]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/y
  plain.lastIndex = from
  const to = from + (plain.exec(sql)?.[0].length ?? 1)
  if (wordRest.test(sql.charAt(to))) refuse('a name that begins with a digit')
  return to
}

const wordCut = (sql: string, from: number): Cut => {
  const to = runOf(sql, from, wordRest)
  const isPrefix = /^(?:[nxb]|_\w+)$/i.test(sql.slice(from, to))
  // x'41', b'1', n'a', _utf8mb4'a': one literal; the text itself is read as any other.
  return { is: isPrefix && sql.charAt(to) === "'" ? 'sign' : 'word', to }
}

const variableCut = (sql: string, from: number): Cut => {
  const isSystem = sql.charAt(from + 1) === '@'
  if (!isSystem) refuse('a variable of the session')
  return { is: 'variable', to: runOf(sql, from + 2, /[A-Za-z0-9_.$]/) }
}

type Cutter = (sql: string, from: number, reading: SqlReading) => Cut

const cutters: Readonly<Record<string, Cutter>> = {
  "'": (sql, from, { backslashEscapes }) => ({
    is: 'text',
    to: quotedEnd(sql, from, backslashEscapes),
  }),
  '"': (sql, from, { ansiQuotes, backslashEscapes }) =>
    ansiQuotes
      ? { is: 'name', to: quotedEnd(sql, from, false) }
      : { is: 'text', to: quotedEnd(sql, from, backslashEscapes) },
  '`': (sql, from) => ({ is: 'name', to: quotedEnd(sql, from, false) }),
  '#': (sql, from) => gap(lineEnd(sql, from)),
  '-': (sql, from) =>
    sql.charAt(from + 1) === '-' ? dashes(sql, from) : { is: 'sign', to: from + 1 },
  '/': (sql, from) =>
    sql.charAt(from + 1) === '*' ? gap(blockEnd(sql, from)) : { is: 'sign', to: from + 1 },
  '*': (sql, from) =>
    sql.charAt(from + 1) === '/'
      ? refuse('a comment ends that never began')
      : { is: 'sign', to: from + 1 },
  '?': (_, from) => ({ is: 'place', to: from + 1 }),
  '@': variableCut,
  ':': (sql, from) =>
    sql.charAt(from + 1) === '=' ? refuse('a variable is assigned') : { is: 'sign', to: from + 1 },
  '\0': () => refuse('a NUL outside of a text'),
  '\\': () => refuse('a backslash outside of a text'),
}

const cut: Cutter = (sql, from, reading) => {
  const here = sql.charAt(from)
  const cutter = cutters[here]
  if (cutter !== undefined) return cutter(sql, from, reading)
  if (blank.test(here)) return gap(runOf(sql, from, blank))
  const isFraction = here === '.' && digits.test(sql.charAt(from + 1))
  if (digits.test(here) || (isFraction && !wordRest.test(sql.charAt(from - 1))))
    return { is: 'number', to: numberEnd(sql, from) }
  if (wordStart.test(here)) return wordCut(sql, from)
  return { is: 'sign', to: from + 1 }
}

const unquoted = (raw: string): string => {
  const quote = raw.charAt(0)
  return raw.slice(1, -1).replaceAll(quote + quote, quote)
}

const tokenOf = (sql: string, is: SqlToken['is'], from: number, to: number): SqlToken => {
  const written = sql.slice(from, to)
  const raw = is === 'name' ? unquoted(written) : written
  return { is, says: is === 'word' || is === 'variable' ? raw.toUpperCase() : raw, raw, from, to }
}

const readAll = (sql: string, reading: SqlReading): readonly SqlToken[] => {
  const tokens: SqlToken[] = []
  for (let from = 0; from < sql.length; ) {
    const { is, to } = cut(sql, from, reading)
    if (is !== 'gap') tokens.push(tokenOf(sql, is, from, to))
    from = to
  }
  const end = tokens.findIndex(({ is, says }) => is === 'sign' && says === ';')
  if (end !== -1 && end < tokens.length - 1) refuse('more than one statement')
  return end === -1 ? tokens : tokens.slice(0, end)
}

/** Longer statements are not read: they would keep the thread busy. */
const longest = 1_048_576

export const readTokens = (sql: string, reading: SqlReading): Tokens | Unread => {
  if (sql.length > longest) return { why: 'it is longer than 1 MiB' }
  try {
    return { tokens: readAll(sql, reading) }
  } catch (error) {
    if (error instanceof UnreadError) return { why: error.message }
    throw error
  }
}

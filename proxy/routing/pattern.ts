/** The pattern language of `match.path`: literal segments, `:name`, a final `*`. */

/** One step of a pattern. `name` takes one segment that is not empty, `rest` one or more of any. */
export type Segment =
  | { readonly is: 'literal'; readonly text: string }
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'rest' }

const parseSegment = (text: string): Segment => {
  if (text === '*') return { is: 'rest' }
  return text.startsWith(':') ? { is: 'name', name: text.slice(1) } : { is: 'literal', text }
}

/** Reads a pattern in which `patternProblem` finds nothing. */
export const parsePattern = (pattern: string): readonly Segment[] =>
  pattern.slice(1).split('/').map(parseSegment)

// biome-ignore format: a table reads best as a table
const problems: readonly (readonly [RegExp, string])[] = [
  [/^(?!\/)/,                'a path pattern starts with "/"'],
  [/[?#]/,                   'a path pattern has no query and no fragment; write match: { path, query: { name: value } }'],
  [/\/\//,                   'paths are matched with "//" collapsed, so this pattern would match nothing; write one "/"'],
  [/\/\.{1,2}(\/|$)/,        'paths are matched with "." and ".." resolved, so this pattern would match nothing'],
  [/%[\da-f]{2}/i,           'paths are matched decoded; write the character itself instead of its % escape'],
  [/[^/]\*|\*[^/]/,          '"*" stands for whole segments; write "/*" at the end, or ":name" for one segment'],
  [/\*\/|\*.*\*/,            '"*" stands only at the end; write ":name" for one segment'],
  [/\/:(?![a-z_]\w*(\/|$))/i, 'a name is ":" and letters, digits or "_", and takes a whole segment'],
  [/\/:(\w+)(?=\/).*\/:\1(\/|$)/, 'a name stands only once in a pattern'],
]

/** What is wrong with a pattern and what to write instead, one clause; null: nothing. */
export const patternProblem = (pattern: string): string | null =>
  problems.find(([wrong]) => wrong.test(pattern))?.[1] ?? null

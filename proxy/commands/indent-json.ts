/** JSON over several lines, every token as it was written: numbers keep their digits. Pure. */
import { parseJson } from '../compare/json.ts'

const gap = '  '

/** Strings whole, brackets, separators, and whatever else stands between white space. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

const opening = new Set(['{', '['])
const closing = new Set(['}', ']'])

/** An empty container stays on its line. */
const breaksBefore = (token: string, before: string): boolean =>
  closing.has(token) ? !opening.has(before) : opening.has(before) || before === ','

/** Null: it is no JSON. */
export const indentJson = (text: string): string | null => {
  if (!('value' in parseJson(text))) return null
  const lines: string[] = []
  let line = ''
  let depth = 0
  const end = (): void => {
    lines.push(line)
    line = gap.repeat(depth)
  }
  let before = ''
  for (const [token] of text.matchAll(tokens)) {
    if (closing.has(token)) depth--
    if (breaksBefore(token, before)) end()
    line += token === ':' ? ': ' : token
    if (opening.has(token)) depth++
    before = token
  }
  return [...lines, line].join('\n')
}

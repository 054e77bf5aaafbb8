/** Header lines set, added and taken out. Pure. */
import type { HeaderChanges } from '../../config/rewriting-config.ts'
import type { RawHeaders } from '../send.ts'

type Line = readonly [name: string, value: string]

/** What stands in place of a line: itself, nothing, or what is set, where it is the first. */
const replace = (line: Line, own: Line | undefined, isFirst: boolean): readonly string[] => {
  if (own === undefined) return line
  return isFirst ? own : []
}

/** Changes, looked at once and applied often. The same list where nothing changes. */
export const createChangeLines = ({
  set,
  add,
  remove,
}: HeaderChanges): ((lines: RawHeaders) => RawHeaders) => {
  const setting = new Map<string, Line>(
    Object.entries(set).map((line) => [line[0].toLowerCase(), line]),
  )
  const gone = new Set(remove.map((name) => name.toLowerCase()))
  const added = Object.entries(add).flat()
  if (setting.size === 0 && gone.size === 0 && added.length === 0) return (lines) => lines
  return (lines) => {
    const found: string[] = []
    const met = new Set<string>()
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const line: Line = [lines[at] as string, lines[at + 1] as string]
      const lower = line[0].toLowerCase()
      if (!gone.has(lower)) found.push(...replace(line, setting.get(lower), !met.has(lower)))
      met.add(lower)
    }
    for (const [lower, line] of setting) if (!met.has(lower)) found.push(...line)
    return [...found, ...added]
  }
}

/** Values of header lines, changed one by one. Pure. */
import type { RawHeaders } from '../send.ts'

/**
 * The same list where nothing changes.
 *
 * @param change given a name in lower case and its value, the value to stand there
 */
export const changeValues = (
  lines: RawHeaders,
  change: (name: string, value: string) => string,
): RawHeaders => {
  let found: string[] | null = null
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const value = lines[at + 1] as string
    const next = change((lines[at] as string).toLowerCase(), value)
    if (next === value) continue
    found ??= [...lines]
    found[at + 1] = next
  }
  return found ?? lines
}

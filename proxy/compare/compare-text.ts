/** Two texts, line by line; two bodies that are no text, by hash. */
import { createHash } from 'node:crypto'
import { compareScalars } from './compare-json.ts'
import { sameBytes } from './decode.ts'
import type { ItemStep } from './place.ts'
import { alignSequence } from './sequence.ts'
import type { Walk } from './walk.ts'

const lineStep = (index: number): ItemStep => ({
  name: 'line',
  index,
  label: null,
  has: () => false,
})

const compareLines = (walk: Walk, legacy: readonly string[], modern: readonly string[]): void => {
  const found = alignSequence(legacy, modern, () => true)
  if (found === null) {
    walk.report('unaligned', legacy.join('\n'), modern.join('\n'))
    return
  }
  for (const [left, right] of found.pairs) {
    walk.enter(lineStep(left))
    compareScalars(walk, legacy[left] ?? '', modern[right] ?? '')
    walk.leave()
  }
  for (const at of found.missing) {
    walk.enter(lineStep(at))
    walk.report('missing', legacy[at], undefined)
    walk.leave()
  }
  for (const at of found.extra) {
    walk.enter(lineStep(at))
    walk.report('extra', undefined, modern[at])
    walk.leave()
  }
}

/** Empty lines at the end are left out: that a text ends with a line end is no line of it. */
const linesOf = (text: string): string[] => {
  const lines = text.split(/\r?\n/)
  while (lines.length > 1 && lines.at(-1) === '') lines.pop()
  return lines
}

const endsAlike = (a: string, b: string): boolean => a.endsWith('\n') === b.endsWith('\n')

/**
 * Reports the lines in which two texts differ; other line ends alone, and line ends at the end, are
 * another spelling.
 */
export const compareTexts = (walk: Walk, legacy: string, modern: string): void => {
  const [left, right] = [linesOf(legacy), linesOf(modern)]
  const isSame = left.length === right.length && left.every((line, at) => line === right[at])
  if (!isSame || walk.identities !== null) compareLines(walk, left, right)
  const isRespelt = isSame ? legacy !== modern : !endsAlike(legacy, modern)
  if (isRespelt) walk.report('spelling', legacy, modern)
}

const nameOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')} (${bytes.length} bytes)`

export const compareBinaries = (walk: Walk, legacy: Uint8Array, modern: Uint8Array): void => {
  if (!sameBytes(legacy, modern)) walk.report('value', nameOf(legacy), nameOf(modern))
}

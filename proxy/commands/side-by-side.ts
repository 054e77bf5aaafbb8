/** Two texts beside each other, line by line. Pure. */
import { alignSequence } from '../compare/sequence.ts'
import { printable } from '../config/render-diagnostics.ts'
import type { Paint } from './text.ts'

export interface SideBySideOptions {
  /** Columns of the terminal. */
  readonly width: number
  /** Whether lines that are alike are all shown. */
  readonly whole: boolean
  readonly paint: Paint
}

interface Row {
  readonly left: string | null
  readonly right: string | null
}

/** Lines that are alike are shown so far from those that are not. */
const context = 2
const leastWidth = 60

const rowsOf = (left: readonly string[], right: readonly string[]): readonly Row[] => {
  const found = alignSequence(left, right, () => true)
  const shorter = Math.min(left.length, right.length)
  const pairs = found?.pairs ?? Array.from({ length: shorter }, (_, at) => [at, at] as const)
  let [i, j] = [0, 0]
  return [...pairs, [left.length, right.length] as const].flatMap(([a, b]): Row[] => {
    const alone = [
      ...left.slice(i, a).map((line) => ({ left: line, right: null })),
      ...right.slice(j, b).map((line) => ({ left: null, right: line })),
    ]
    ;[i, j] = [a + 1, b + 1]
    const [one, other] = [left[a], right[b]]
    return one === undefined || other === undefined
      ? alone
      : [...alone, { left: one, right: other }]
  })
}

const isAlike = ({ left, right }: Row): boolean => left === right

const isNear = (rows: readonly Row[], at: number): boolean =>
  rows.slice(Math.max(0, at - context), at + context + 1).some((row) => !isAlike(row))

const fitted = (text: string | null, width: number): string => {
  const shown = printable(text ?? '')
  return shown.length <= width ? shown.padEnd(width) : `${shown.slice(0, width - 1)}…`
}

const markOf = ({ left, right }: Row): string => {
  if (left === null) return '>'
  if (right === null) return '<'
  return left === right ? ' ' : '|'
}

/** Marks: `|` differs, `<` only on the left, `>` only on the right. */
export const sideBySide = (
  left: readonly string[],
  right: readonly string[],
  { width, whole, paint }: SideBySideOptions,
): string => {
  const rows = rowsOf(left, right)
  const column = Math.floor((Math.max(width, leastWidth) - 3) / 2)
  const lines: string[] = []
  let alike = 0
  const tellAlike = (): void => {
    if (alike > 0) lines.push(paint('dim', `… ${alike} ${alike === 1 ? 'line' : 'lines'} alike`))
    alike = 0
  }
  rows.forEach((row, at) => {
    if (!whole && !isNear(rows, at)) {
      alike++
      return
    }
    tellAlike()
    const text = `${fitted(row.left, column)} ${markOf(row)} ${fitted(row.right, column)}`.trimEnd()
    lines.push(isAlike(row) ? text : paint('yellow', text))
  })
  tellAlike()
  return lines.map((line) => `${line}\n`).join('')
}

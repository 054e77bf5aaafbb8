/** Text for terminals. Whatever comes from outside passes `printable` before it is shown. Pure. */
import { printable } from '../config/render-diagnostics.ts'
import { escapeRisky } from '../telemetry/log-line.ts'

/** Indented JSON whose strings no terminal obeys; parses to the same value. */
export const printableJson = (value: unknown): string =>
  `${escapeRisky(JSON.stringify(value, null, 2))}\n`

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const
export type Color = keyof typeof codes

export type Paint = (color: Color, text: string) => string

/** Paints where colours are wanted; else the text as it is. */
export const createPaint = (wanted: boolean): Paint =>
  wanted ? (color, text) => `\u001b[${codes[color]}m${text}\u001b[0m` : (_, text) => text

export interface Column<Row> {
  readonly title: string
  readonly read: (row: Row) => string
  readonly align?: 'left' | 'right'
  readonly color?: (row: Row) => Color | null
}

const pad = (text: string, width: number, align: 'left' | 'right'): string =>
  align === 'right' ? text.padStart(width) : text.padEnd(width)

/** Rows under a line of titles, two spaces between columns, no trailing spaces. */
export const table = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paint: Paint,
): string => {
  const cells = rows.map((row) => columns.map(({ read }) => printable(read(row))))
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)),
  )
  const lineOf = (texts: readonly string[], colorAt: (i: number) => Color | null): string =>
    texts
      .map((text, i) => {
        const isLast = i === texts.length - 1 && columns[i]?.align !== 'right'
        const padded = isLast ? text : pad(text, widths[i] ?? 0, columns[i]?.align ?? 'left')
        const color = colorAt(i)
        return color === null ? padded : paint(color, padded)
      })
      .join('  ')
      .trimEnd()
  const head = lineOf(
    columns.map(({ title }) => title),
    () => 'dim',
  )
  const body = rows.map((row, at) =>
    lineOf(cells[at] ?? [], (i) => columns[i]?.color?.(row) ?? null),
  )
  return `${[head, ...body].join('\n')}\n`
}

/** In characters. */
export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/**
 * What a screen can show of some lines, the last row left to the cursor: where lines wrap, or are too
 * many, the next redrawing does not find them again.
 */
export const fitScreen = (text: string, { columns, rows }: ScreenSize): string => {
  const cut = (line: string): string => {
    let room = columns
    // Colours take no room, and the code that ends one must stay.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
    return line.replace(/\u001b\[\d+m|./gu, (piece) =>
      piece.startsWith('\u001b') || room-- > 0 ? piece : '',
    )
  }
  const lines = text.trimEnd().split('\n')
  return `${lines
    .slice(0, Math.max(1, rows - 1))
    .map(cut)
    .join('\n')}\n`
}

/** `name  value` lines, the values in one column. */
export const facts = (pairs: readonly (readonly [string, string])[], paint: Paint): string => {
  const width = Math.max(...pairs.map(([name]) => name.length))
  return pairs
    .map(([name, value]) => `  ${paint('dim', name.padEnd(width))}  ${printable(value)}\n`)
    .join('')
}

/** Reads the tables of a page under docs/, for tests that compare them with the code. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'

/** A row: the text of its cells, `\|` and backquotes resolved. */
export type PageRow = readonly string[]

export const readPage = (name: string): string =>
  readFileSync(join(packageRoot(), 'docs', name), 'utf8')

const cellsOf = (line: string): PageRow =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|').replaceAll('`', ''))

/** The rows of every table whose header begins with these cells. */
export const tableRows = (page: string, header: readonly string[]): PageRow[] => {
  const rows: PageRow[] = []
  let inside = false
  for (const line of page.split('\n')) {
    if (!line.startsWith('|')) inside = false
    else if (inside && !line.startsWith('|---')) rows.push(cellsOf(line))
    else if (!inside) inside = header.every((cell, at) => cellsOf(line)[at] === cell)
  }
  return rows
}

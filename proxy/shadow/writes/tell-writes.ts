/** From what was recorded to what is told of it. */

import type { MysqlLink } from './mysql-link.ts'
import type { MysqlSession } from './mysql-session.ts'
import { at, type Overlay } from './overlay.ts'
import type { IntendedRow, WritesProblem, WritesReport, WritesTerms } from './report.ts'
import type { SqlRow, TableFacts } from './table-facts.ts'

const named = ({ columns }: TableFacts, row: SqlRow | null): IntendedRow['after'] =>
  row && Object.fromEntries(columns.map(({ name }, n) => [name, row[n] ?? null]))

/** Rows that would be others than they were, each once. */
export const intendedRows = (overlay: Overlay): readonly IntendedRow[] =>
  [...overlay.values()].flatMap(({ facts, rows }) =>
    [...rows.values()].flatMap(({ before, after }) => {
      const isSame = before?.every((value, n) => value === after?.[n]) ?? after === null
      const row = after ?? before
      if (isSame || row === null) return []
      const key = facts.primary.map((column) => row[at(facts, column)] ?? '')
      return [{ table: facts.name, key, before: named(facts, before), after: named(facts, after) }]
    }),
  )

export interface Recorded {
  readonly session: MysqlSession
  readonly link: MysqlLink
}

/** Asks, after the snapshot has ended, what legacy has written. Never rejects. */
export const createReport = async (
  kind: WritesTerms['kind'],
  problem: WritesProblem | null,
  recorded: Recorded | null,
): Promise<WritesReport> => {
  const overlay = recorded?.session.overlay() ?? null
  if (overlay === null) return { kind, problem, rows: null, differences: [] }
  const rows = intendedRows(overlay)
  return { kind, problem, rows: rows.length, differences: [] }
}

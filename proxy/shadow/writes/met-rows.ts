/** Rows that a request in a cage has touched: as they were, and what has become of them. */
import { type Counts, rowsWhere, whereRows } from './cage-looks.ts'
import { emptyOverlay, keyOf, type Overlay, touch } from './overlay.ts'
import type { AskRows, SqlRow, TableFacts } from './table-facts.ts'

/** More rows of legacy are not compared either; and what one lane may keep. */
const mostMet = 2_000
const mostLength = 8 * 1_048_576

export interface Pair {
  readonly before: SqlRow | null
  readonly after: SqlRow | null
}

/** Rows before and after, those of one key together. */
export const pairsOf = (
  facts: TableFacts,
  before: readonly SqlRow[],
  after: readonly SqlRow[],
): readonly Pair[] => {
  const pairs = new Map<string, Pair>(
    before.map((row) => [keyOf(facts, row), { before: row, after: null }]),
  )
  for (const row of after) {
    const key = keyOf(facts, row)
    pairs.set(key, { before: pairs.get(key)?.before ?? null, after: row })
  }
  return [...pairs.values()]
}

export const isSame = ({ before, after }: Pair): boolean =>
  before !== null && after !== null && before.every((value, n) => value === after[n])

export const countsOf = (pairs: readonly Pair[]): Counts => {
  const made = pairs.filter(({ before }) => before === null).length
  const gone = pairs.filter(({ after }) => after === null).length
  return { made, gone, changed: pairs.filter((pair) => !isSame(pair)).length - made - gone }
}

export interface Met {
  readonly facts: TableFacts
  /** By key: as they were before the request, and what names them. */
  readonly rows: Map<string, { readonly before: SqlRow | null; readonly row: SqlRow }>
}

const lengthOf = ({ before, after }: Pair): number =>
  [...(before ?? []), ...(after ?? [])].reduce((sum, value) => sum + (value?.length ?? 0), 0)

/** All rows that were ever touched, those too that came and went. */
export interface MetRows {
  readonly tables: Map<string, Met>
  /** @throws Error where there is no room */
  add(facts: TableFacts, pair: Pair): void
}

export const createMet = (): MetRows => {
  const tables: MetRows['tables'] = new Map()
  let count = 0
  let length = 0
  return {
    tables,
    add(facts, pair) {
      const { rows } = tables.get(facts.name) ?? { rows: new Map() }
      tables.set(facts.name, { facts, rows })
      const row = pair.before ?? pair.after ?? []
      const key = keyOf(facts, row)
      length += lengthOf(pair)
      if (!rows.has(key)) {
        count += 1
        rows.set(key, { before: pair.before, row })
      }
      if (count > mostMet || length > mostLength) throw new Error('it changes more than is kept')
    },
  }
}

/** Everything that has become of the rows that were met. */
export const lookAgain = async (ask: AskRows, tables: Iterable<Met>): Promise<Overlay> => {
  let now = emptyOverlay
  for (const { facts, rows } of tables) {
    const known = [...rows.values()]
    const where = whereRows(
      facts,
      known.map(({ row }) => row),
    )
    const there = where === null ? [] : await ask(rowsWhere(facts, `WHERE ${where}`))
    const first = known.flatMap(({ before }) => (before === null ? [] : [before]))
    for (const { before, after } of pairsOf(facts, first, there))
      now = touch(now, facts, before, after)
  }
  return now
}

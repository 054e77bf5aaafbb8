/** What ran where, as a table for people. Pure. */

/** How it went in one world: `planned` has not run, or was left out. */
export type Result = 'planned' | 'passed' | 'failed'

/** What is known of one column: item → world → how it went. */
export type Column<Item> = ReadonlyMap<Item, ReadonlyMap<string, Result>>

export interface Matrix<Item> {
  /** Title of the column → what it holds, in order. */
  readonly columns: Readonly<Record<string, Column<Item>>>
  /** Title of the row → what belongs to it. */
  readonly rows: Readonly<Record<string, readonly Item[]>>
}

/** In the worlds that ran: one failure fails it. Null: none ran. */
const verdict = (results: ReadonlyMap<string, Result> | undefined): 'passed' | 'failed' | null => {
  const ran = [...(results?.values() ?? [])].filter((result) => result !== 'planned')
  if (ran.length === 0) return null
  return ran.includes('failed') ? 'failed' : 'passed'
}

const cellOf = <Item>(column: Column<Item>, items: readonly Item[]): string => {
  const verdicts = items.map((item) => verdict(column.get(item)))
  const [passed, failed] = (['passed', 'failed'] as const).map(
    (wanted) => verdicts.filter((each) => each === wanted).length,
  ) as [number, number]
  if (failed > 0) return `✘ ${failed} of ${items.length}`
  if (passed === items.length) return `✔ ${passed}`
  return passed === 0 ? '–' : `✔ ${passed} of ${items.length}`
}

/** The worlds in which anything of the column ran. */
const worldsOf = <Item>(column: Column<Item>): string => {
  const results = [...column.values()].flatMap((worlds) => [...worlds])
  const ran = results.filter(([, result]) => result !== 'planned').map(([world]) => world)
  if (ran.length === 0) return column.size === 0 ? 'not run' : 'left out'
  return [...new Set(ran)].join('+')
}

const aligned = (table: readonly (readonly string[])[]): string[] => {
  const widths = (table[0] ?? []).map((_, at) =>
    Math.max(...table.map((line) => (line[at] ?? '').length)),
  )
  return table.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/**
 * The table, and below it what no world of a column ran, where some of the column ran at all.
 *
 * @param nameOf one line for each item
 */
export const matrixLines = <Item>(
  { columns, rows }: Matrix<Item>,
  nameOf: (item: Item) => string,
): readonly string[] => {
  const entries = Object.entries(columns)
  const table = [
    ['', ...entries.map(([title]) => title)],
    ...Object.entries(rows).map(([title, items]) => [
      title,
      ...entries.map(([, column]) => cellOf(column, items)),
    ]),
    ['worlds', ...entries.map(([, column]) => worldsOf(column))],
  ]
  const ran = entries.filter(([, column]) => [...column.values()].some((each) => verdict(each)))
  const missing = Object.values(rows)
    .flat()
    .map((item) => ({
      item,
      where: ran.filter(([, column]) => verdict(column.get(item)) === null),
    }))
    .filter(({ where }) => where.length > 0)
    .map(({ item, where }) => `  ${nameOf(item)}: not in ${where.map(([name]) => name).join(', ')}`)
  return [...aligned(table), ...(missing.length === 0 ? [] : ['', 'run nowhere:', ...missing])]
}

/** Every scenario × every world: kept while tests run, printed after the last of them. */
import type { Scenario } from '../scenarios/scenario.ts'
import { scenarioGroups } from '../scenarios/scenarios.ts'
import { matrixLines, type Result } from './matrix-table.ts'

/** What a scenario is put to. A column may have several worlds: embedded, native. */
const titles = [
  'legacy embedded',
  'legacy native',
  'modern SQLite',
  'modern MariaDB',
  'at legacy',
  'at shadow',
  'at canary',
  'at modern',
  'at retired',
  'mixed',
] as const

export interface Place {
  readonly column: (typeof titles)[number]
  readonly world: 'embedded' | 'native'
}

/** One table for the whole run: mocha has one process. */
const columns = Object.fromEntries(
  titles.map((title) => [title, new Map<Scenario, Map<string, Result>>()]),
)

const note = ({ column, world }: Place, scenario: Scenario, result: Result): void => {
  const results = columns[column]?.get(scenario) ?? new Map<string, Result>()
  // Of several rounds in one world, a failure is what counts.
  if (results.get(world) !== 'failed') results.set(world, result)
  columns[column]?.set(scenario, results)
}

/** A test of mocha's that has its cell in the matrix. */
export const itPasses = (
  place: Place,
  scenario: Scenario,
  run: () => Promise<void>,
  title: string = `${scenario.route} ${scenario.title}`,
): void => {
  note(place, scenario, 'planned')
  it(title, async () => {
    try {
      await run()
      note(place, scenario, 'passed')
    } catch (error) {
      note(place, scenario, 'failed')
      throw error
    }
  })
}

const nameOf = ({ route, title }: Scenario): string => `${route} ${title}`

/** Mocha calls this once, after the last test (`require` in .mocharc.json). */
export const mochaHooks = {
  afterAll(): void {
    if (Object.values(columns).every((column) => column.size === 0)) return
    const lines = matrixLines({ columns, rows: scenarioGroups }, nameOf)
    process.stdout.write(`\nscenarios that passed, by where they were put:\n${lines.join('\n')}\n`)
  },
}

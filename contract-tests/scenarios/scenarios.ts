import { articles } from './articles.ts'
import { counts } from './counts.ts'
import { mistakes } from './mistakes.ts'
import { people } from './people.ts'
import { reading } from './reading.ts'
import { refusals } from './refusals.ts'
import type { Scenario } from './scenario.ts'
import { site } from './site.ts'

export const scenarioGroups: Readonly<Record<string, readonly Scenario[]>> = {
  articles,
  reading,
  people,
  counts,
  refusals,
  mistakes,
  site,
}

/** Every scenario of the worked example. */
export const scenarios: readonly Scenario[] = Object.values(scenarioGroups).flat()

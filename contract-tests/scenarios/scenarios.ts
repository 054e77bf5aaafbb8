import { articles } from './articles.ts'
import { counts } from './counts.ts'
import { people } from './people.ts'
import type { Scenario } from './scenario.ts'
import { site } from './site.ts'

/** Every scenario of the worked example. */
export const scenarios: readonly Scenario[] = [...articles, ...people, ...counts, ...site]

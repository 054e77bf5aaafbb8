/** Rules of comparisons: whether they are well written, and whether they are well meant. */
import type { Rule } from '../../compare/rule.ts'
import { type Lint, type LintFinding, lintFindings, lintRules } from '../../compare/rule-lint.ts'
import { parseRules, type RuleProblem } from '../../compare/rules.ts'
import { type Fault, fault } from '../diagnostics.ts'
import type { Path, YamlFile } from '../yaml.ts'
import type { Check, PlacedFault, World } from './check.ts'
import { reach } from './reach.ts'

type Written = Readonly<Record<string, unknown>>

/** One list of rules where it is written; entries that are no maps are null here. */
interface WrittenList {
  readonly yaml: YamlFile
  readonly path: Path
  readonly entries: readonly (Written | null)[]
}

const forms = [
  ['rulesets', 'NAME'],
  ['defaults', 'compare'],
  ['routes', 'ID', 'compare'],
] as const

const mapOrNull = (value: unknown): Written | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Written) : null

const listsOf = (yaml: YamlFile): WrittenList[] =>
  forms
    .flatMap((form) => reach(yaml.value, form))
    .flatMap(([path, value]) =>
      Array.isArray(value) ? [{ yaml, path, entries: value.map(mapOrNull) }] : [],
    )

const problemFault = (has: boolean, { message }: RuleProblem): Fault =>
  fault(has ? 'badRule' : 'missingKey', message)

/**
 * What is wrong with one rule, each where it is written.
 *
 * @param whole where the rule stands in its file
 */
export const ruleFaults = (yaml: YamlFile, whole: Path, rule: unknown): PlacedFault[] =>
  parseRules([rule], '').problems.map((problem): PlacedFault => {
    const key = problem.key === null ? whole : [...whole, ...problem.key.split('.')]
    const has = yaml.has(key)
    const what = problemFault(has, problem)
    return { fault: what, place: yaml.placeOf(has ? key : whole, has ? problem.at : 'value') }
  })

const ways: Readonly<Record<LintFinding, string>> = {
  expired: 'take it out, or give it another day',
  root: 'name the fields that may differ',
  dead: 'take it out',
  unmatched: 'look at the path of a difference in `banyan diffs`',
  overBroad: 'name the places that differ',
  index: 'name the element by what it holds: /items/[id=7], or all of them: /items/*',
  covered: 'take one of the two out',
}

/** What the rules of one list say that is well written, numbered as they stand there. */
const rulesIn = ({ entries }: WrittenList): Rule[] =>
  entries.flatMap((entry, at) =>
    entry === null
      ? []
      : parseRules([entry], '').rules.map((rule) => ({ ...rule, id: String(at) })),
  )

const lintAt = ({ yaml, path }: WrittenList, rule: Rule, { finding }: Lint): PlacedFault => {
  const key = finding === 'expired' ? 'expires' : rule.verb
  const what = fault('doubtfulRule', `${key}: ${lintFindings[finding]}`, ways[finding])
  return { fault: what, place: yaml.placeOf([...path, Number(rule.id), key], 'value') }
}

const lintsOf = (list: WrittenList, { today }: World): PlacedFault[] => {
  const rules = rulesIn(list)
  const lints = lintRules({ rules, uses: new Map(), places: [], today: today ?? '' })
  return lints.flatMap((lint) => {
    const rule = rules.find(({ id }) => id === lint.rule)
    return rule === undefined ? [] : [lintAt(list, rule, lint)]
  })
}

/** Each list is judged once, where it is written: a thousand routes may inherit it. */
export const ruleCheck: Check = ({ files }, world) =>
  files
    .flatMap(({ yaml }) => listsOf(yaml))
    .flatMap((list) => [
      ...list.entries.flatMap((rule, at) =>
        rule === null ? [] : ruleFaults(list.yaml, [...list.path, at], rule),
      ),
      ...lintsOf(list, world),
    ])

/**
 * What is wrong with rules that are well written: those that nothing needs, and those that overlook
 * more than they were meant to. Pure.
 */
import { matchesPlace, parsePattern, type Step, unescapeName } from './place.ts'
import { isExpired, type Rule, reachesBelow } from './rule.ts'

/** How a rule did; from the counters of a route. */
export interface RuleUse {
  /** Days for which it has been in force. */
  readonly days: number
  /** Comparisons in which it could have held. */
  readonly comparisons: number
  /** `Difference.pattern` of what it overlooked. */
  readonly patterns: readonly string[]
}

export interface LintInput {
  readonly rules: readonly Rule[]
  /** By rule id; a rule that is not there has no history yet. */
  readonly uses: ReadonlyMap<string, RuleUse>
  /** Patterns of every place that legacy's answers of the route have. */
  readonly places: readonly string[]
  /** `2026-12-31` */
  readonly today: string
}

// biome-ignore format: a table reads best as a table
export const lintFindings: Readonly<Record<LintFinding, string>> = {
  expired:   'its last day is over: it no longer holds',
  root:      'it overlooks the whole body, every header or all that is written to a table: what nobody ever looked at, too',
  dead:      'nothing needed it for seven days: the difference is gone, or the path is wrong',
  unmatched: 'no answer has such a place: a name that is misspelt or has moved matches nothing',
  overBroad: 'it also covers places that never differed, and would hide the day they do',
  index:     'it names an element by its number: the next insertion moves the rule to another one',
  covered:   'an earlier rule overlooks all of this already',
}

export type LintFinding =
  | 'expired'
  | 'root'
  | 'dead'
  | 'unmatched'
  | 'overBroad'
  | 'index'
  | 'covered'

export interface Lint {
  readonly rule: string
  readonly finding: LintFinding
  /** What it is about: places, or another rule's id. */
  readonly about: readonly string[]
}

const daysUntilDead = 7

/** A pattern as steps; `*` in it stands for an element, which matches only what is as wide. */
const stepsOf = (pattern: string): { part: string; steps: Step[] } | null => {
  const parsed = parsePattern(pattern)
  if (typeof parsed === 'string') return null
  const raw = pattern.replace(/^(?:header|trailer|writes):|^\//, '').split('/')
  const steps = parsed.segments.map((segment, at): Step => {
    const isElement = segment.is === 'deep' || segment.name === null
    const name = raw[at] ?? ''
    return isElement ? { name: '', index: -1, label: null, has: () => true } : unescapeName(name)
  })
  return { part: parsed.part, steps: pattern === '' ? [] : steps }
}

const covers = (rule: Rule, pattern: string): boolean => {
  const found = stepsOf(pattern)
  if (found === null || found.part !== rule.path.part) return false
  return matchesPlace(rule.path, rule.path.part, found.steps, reachesBelow(rule.verb))
}

/** Rules that only say how to lay lists side by side overlook nothing and cannot be too broad. */
const overlooks = ({ verb }: Rule): boolean => verb === 'ignore'

/** The whole body, every header; all that is done to a table, or one thing that is done to any. */
const rootForms =
  /^(?:(?:\/\*{1,2}|(?:header|trailer):\*{1,2})*|writes:(?:[^/]+|\*{1,2}\/[^/]+)(?:\/\*{1,2})*)$/

const isRoot = (rule: Rule): boolean => overlooks(rule) && rootForms.test(rule.path.text)

const namesIndex = ({ path }: Rule): boolean =>
  path.part === 'body' && path.text.split('/').some((step) => /^\d+$|\[\d+\]$/.test(step))

type Check = (rule: Rule, input: LintInput) => readonly string[] | null

const found = (is: boolean): readonly string[] | null => (is ? [] : null)

const neighbours = (rule: Rule, { uses, places }: LintInput): readonly string[] => {
  const used = uses.get(rule.id)?.patterns ?? []
  if (!overlooks(rule) || used.length === 0) return []
  return places.filter((place) => covers(rule, place) && !used.includes(place))
}

const isDead = ({ id }: Rule, { uses }: LintInput): boolean => {
  const use = uses.get(id)
  if (use === undefined || use.comparisons === 0) return false
  return use.days >= daysUntilDead && use.patterns.length === 0
}

const isUnmatched = (rule: Rule, places: readonly string[]): boolean =>
  rule.path.part === 'body' &&
  places.length > 0 &&
  !namesIndex(rule) &&
  !places.some((place) => covers(rule, place))

const coveredBy = (rule: Rule, { rules }: LintInput): readonly string[] =>
  rules
    .slice(0, rules.indexOf(rule))
    .filter((other) => {
      const isSame = other.verb === rule.verb && other.path.text === rule.path.text
      const isAlike = JSON.stringify(other.options) === JSON.stringify(rule.options)
      const isAsWide = JSON.stringify(other.when) === JSON.stringify(rule.when)
      return isSame && isAlike && isAsWide
    })
    .map(({ id }) => id)

const some = (about: readonly string[]): readonly string[] | null =>
  about.length === 0 ? null : about

const checks: Readonly<Record<LintFinding, Check>> = {
  expired: (rule, { today }) => found(isExpired(rule, today)),
  root: (rule) => found(isRoot(rule)),
  dead: (rule, input) => found(isDead(rule, input)),
  unmatched: (rule, { places }) => found(isUnmatched(rule, places)),
  overBroad: (rule, input) => some(neighbours(rule, input)),
  index: (rule) => found(namesIndex(rule)),
  covered: (rule, input) => some(coveredBy(rule, input)),
}

/** Everything that is wrong with the rules, in their order. */
export const lintRules = (input: LintInput): Lint[] =>
  input.rules.flatMap((rule) =>
    Object.entries(checks).flatMap(([finding, check]): Lint[] => {
      const about = check(rule, input)
      return about === null ? [] : [{ rule: rule.id, finding: finding as LintFinding, about }]
    }),
  )

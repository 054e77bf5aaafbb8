/**
 * What is wrong with rules that are well written: those that nothing needs, and those that overlook
 * more than they were meant to. Pure.
 */
import { coversPattern, matchesPlace } from './match-place.ts'
import { parsePattern, type Step, unescapeName } from './place.ts'
import { isExpired, type Rule, type RuleOptions, reachesBelow, type Verb } from './rule.ts'
import type { ShapeName } from './shape.ts'

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

/** Shapes that leave most of what a value says open. */
const wideShapes: ReadonlySet<ShapeName> = new Set([
  'any',
  'text',
  'word',
  'digits',
  'number',
  'integer',
  'boolean',
])

/** By how much numbers and times may differ before they are simply other ones. */
const most = { abs: 1, rel: 0.1, toleranceMs: 86_400_000 } as const

/** Whether a rule of the verb lets a value become almost any other. A verb that is not here never does. */
const freeing: Readonly<Partial<Record<Verb, (options: RuleOptions) => boolean>>> = {
  ignore: () => true,
  identity: () => true,
  shape: ({ shape = 'any' }) => wideShapes.has(shape),
  number: ({ abs = 0, rel = 0 }) => abs > most.abs || rel > most.rel,
  time: ({ toleranceMs = 0 }) => toleranceMs > most.toleranceMs,
}

/** Rules that leave of a value what counts, or only lay lists side by side, cannot be too broad. */
const overlooks = ({ verb, options }: Rule): boolean => freeing[verb]?.(options) === true

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

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Of these the last one about a place holds: an earlier, wider one is there to be narrowed. */
const lastHolds: ReadonlySet<Verb> = new Set(['key', 'order'])

const isPathWithin = (rule: Rule, other: Rule): boolean =>
  lastHolds.has(rule.verb)
    ? rule.path.text === other.path.text
    : coversPattern(other.path, rule.path, reachesBelow(rule.verb))

/** Of these the larger overlooks more; without one there is none. */
const limits = ['abs', 'rel', 'toleranceMs'] as const

const withoutLimits = ({
  allow: _allow,
  abs: _abs,
  rel: _rel,
  toleranceMs: _,
  ...rest
}: RuleOptions) => rest

const allowsAll = ({ options: asked }: Rule, { options: given }: Rule): boolean =>
  (asked.allow ?? []).every((kind) => given.allow?.includes(kind)) &&
  limits.every((limit) => (asked[limit] ?? 0) <= (given[limit] ?? 0)) &&
  isSame(withoutLimits(asked), withoutLimits(given))

const isAlways = ({ when }: Rule): boolean => Object.values(when).every((each) => each === null)

const holdsAsLong = ({ expires }: Rule, other: Rule): boolean =>
  other.expires === null || (expires !== null && expires <= other.expires)

const isCovered = (rule: Rule, other: Rule): boolean =>
  other.verb === rule.verb &&
  isPathWithin(rule, other) &&
  allowsAll(rule, other) &&
  (isAlways(other) || isSame(rule.when, other.when)) &&
  holdsAsLong(rule, other)

const coveredBy = (rule: Rule, { rules }: LintInput): readonly string[] =>
  rules
    .slice(0, rules.indexOf(rule))
    .filter((other) => isCovered(rule, other))
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

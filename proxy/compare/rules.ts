/**
 * The rules of a comparison: read from what is written, resolved from the names of rulesets, asked
 * for each finding. A rule may excuse a value; a type, a shape or a missing field only where it says
 * so. Pure.
 */
import { suggest } from '../config/suggest.ts'
import type { Finding, Part } from './difference.ts'
import { parsePattern } from './place.ts'
import {
  excuses,
  isExpired,
  keepsShape,
  letsVary,
  type Rule,
  type RuleOptions,
  type RuleScope,
  type Verb,
  verbNames,
} from './rule.ts'
import { optionsOf } from './rule-options.ts'

/** What of a written rule is wrong, and what would be right. */
export interface RuleProblem {
  /** Place in the list, from 0. */
  readonly index: number
  /** The key that is wrong; null: the rule as a whole. */
  readonly key: string | null
  /** What is wrong: that the key is there at all, or what it says. */
  readonly at: 'key' | 'value'
  readonly message: string
}

export interface ParsedRules {
  /** Those without a problem. */
  readonly rules: readonly Rule[]
  readonly problems: readonly RuleProblem[]
}

type Written = Readonly<Record<string, unknown>>
type Tell = (key: string | null, message: string, at?: RuleProblem['at']) => void

const heads = ['why', 'owner', 'expires', 'when'] as const
const scopes = ['route', 'status', 'type'] as const

const isRecord = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isDay = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\d$/.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString().startsWith(value)

const listOf = (value: unknown): readonly string[] | null => {
  if (value === undefined) return null
  return (Array.isArray(value) ? value : [value]).map(String)
}

const readScope = (value: unknown, tell: Tell): RuleScope => {
  const scope = value === undefined ? {} : value
  if (!isRecord(scope)) tell('when', 'expected a map of route, status or type')
  const written: Written = isRecord(scope) ? scope : {}
  for (const key of Object.keys(written))
    if (!scopes.some((each) => each === key)) tell(`when.${key}`, suggest(key, scopes), 'key')
  const statuses = listOf(written.status)
  if (statuses?.some((status) => !/^[1-5](?:\d\d|xx)$/.test(status)) === true)
    tell('when.status', 'expected a status like 404, or a class like 4xx')
  return { routes: listOf(written.route), statuses, types: listOf(written.type) }
}

const isHead = (key: string): boolean => heads.some((head) => head === key)

const readOptions = (verb: Verb, written: Written, tell: Tell): RuleOptions => {
  const { options, required } = optionsOf[verb]
  const readOption = (key: string): RuleOptions => {
    const option = Object.hasOwn(options, key) ? options[key] : undefined
    const read = option?.read(written[key]) ?? null
    if (read !== null) return read
    const allowed = [...Object.keys(options), ...heads]
    const message =
      option === undefined
        ? `"${verb}" takes no "${key}": ${suggest(key, allowed)}`
        : `expected ${option.expected}`
    tell(key, message, option === undefined ? 'key' : 'value')
    return {}
  }
  for (const key of required)
    if (!Object.hasOwn(written, key)) tell(key, `expected ${options[key]?.expected}`)
  const keys = Object.keys(written).filter((key) => key !== verb && !isHead(key))
  return Object.assign({}, ...keys.map(readOption)) as RuleOptions
}

const readHead = (written: Written, tell: Tell): Pick<Rule, 'why' | 'owner' | 'expires'> => {
  const { why, owner, expires } = written
  if (typeof why !== 'string' || why.trim() === '') tell('why', 'expected the reason, as text')
  if (owner !== undefined && typeof owner !== 'string') tell('owner', 'expected text')
  if (expires !== undefined && !isDay(expires)) tell('expires', 'expected a day like 2026-12-31')
  return {
    why: String(why),
    owner: typeof owner === 'string' ? owner : null,
    expires: isDay(expires) ? expires : null,
  }
}

const verbOf = (written: Written, tell: Tell): Verb | null => {
  const found = verbNames.filter((verb) => Object.hasOwn(written, verb))
  const [verb] = found
  if (verb !== undefined && found.length === 1) return verb
  const [unknown = ''] = Object.keys(written).filter((key) => !isHead(key))
  if (found.length > 1)
    tell(found[1] ?? null, `one rule, one verb: found ${found.join(' and ')}`, 'key')
  else tell(null, `no verb: ${suggest(unknown, verbNames)}`)
  return null
}

const readRule = (value: unknown, id: string, tell: Tell): Rule | null => {
  if (!isRecord(value)) {
    const hint = typeof value === 'string' ? '; rulesOf resolves the names of rulesets' : ''
    tell(null, `expected a map like { ignore: /field, why: "…" }${hint}`)
    return null
  }
  const verb = verbOf(value, tell)
  if (verb === null) return null
  const place = value[verb]
  const path = typeof place === 'string' ? parsePattern(place) : 'expected a path like /items/*/id'
  if (typeof path === 'string') {
    tell(verb, path)
    return null
  }
  const options = readOptions(verb, value, tell)
  const head = readHead(value, tell)
  return { id, verb, path, ...head, when: readScope(value.when, tell), options }
}

/**
 * Reads rules as they stand in a config. Never throws.
 *
 * @param name of the ruleset: ids are `name#1`, `name#2`
 */
export const parseRules = (written: readonly unknown[], name: string): ParsedRules => {
  const problems: RuleProblem[] = []
  const rules: Rule[] = []
  written.forEach((value, index) => {
    const before = problems.length
    const tell: Tell = (key, message, at = 'value') => problems.push({ index, key, at, message })
    const rule = readRule(value, `${name}#${index + 1}`, tell)
    if (rule !== null && problems.length === before) rules.push(rule)
  })
  return { rules, problems }
}

/** What of an exchange decides which rules hold. */
export interface Circumstances {
  /** Id of the route; null: outside of any. */
  readonly route: string | null
  readonly status: number | null
  /** Media type of legacy's answer without parameters; '' where there is none. */
  readonly type: string
  /** `2026-12-31`; rules that expired before it no longer hold. Null: all of them do. */
  readonly today: string | null
}

const holds = (rule: Rule, about: Circumstances): boolean => {
  const { when } = rule
  const status = String(about.status)
  if (isExpired(rule, about.today)) return false
  if (when.routes?.includes(about.route ?? '') === false) return false
  if (when.types?.includes(about.type) === false) return false
  return when.statuses?.some((each) => each === status || each === `${status[0]}xx`) !== false
}

/** The rules that hold for an exchange. */
export const rulesFor = (rules: readonly Rule[], about: Circumstances): readonly Rule[] =>
  rules.filter((rule) => holds(rule, about))

export interface Judged {
  /** Null: nothing overlooks it. */
  readonly rule: Rule | null
  /** The kind, told more exactly where a rule covers the value but not its new shape. */
  readonly finding: Finding
}

/** Of several that say what order means at a place, the last one. */
const inForceOf = (about: readonly Rule[]): readonly Rule[] => {
  const last = about.findLast(({ verb }) => verb === 'order')
  return about.filter((rule) => rule.verb !== 'order' || rule === last)
}

/**
 * Which rule, if any, overlooks what was found at a place: the first that does.
 *
 * @param about the rules about the place, in their order
 */
export const judge = (about: readonly Rule[], finding: Finding, part: Part): Judged => {
  const inForce = inForceOf(about)
  const rule = inForce.find((each) => excuses(each, finding, part)) ?? null
  const isMasked = rule === null && inForce.some(({ verb }) => letsVary(verb))
  const isReshaped = isMasked && !keepsShape(finding)
  return { rule, finding: isReshaped ? { ...finding, kind: 'shape' } : finding }
}

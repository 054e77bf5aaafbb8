/**
 * Rules that would overlook what legacy shows against itself, as YAML for a person to judge: nothing
 * here is ever applied by itself. Pure.
 */
import type { DifferenceKind } from './difference.ts'
import type { NoiseCount } from './noise-ledger.ts'
import { parseRules } from './rules.ts'

/** One rule that could be added, or why none is. */
export interface Suggestion {
  readonly pattern: string
  readonly kind: DifferenceKind
  /** As a config has it; null: no rule that is safe covers it. */
  readonly rule: Readonly<Record<string, unknown>> | null
  /** What it rests on, with counts; where there is no rule, why. */
  readonly why: string
}

/** Legacy itself must have shown it so often. */
const leastSeen = 3

const refusals: Partial<Record<DifferenceKind, string>> = {
  unreadable: 'a body that cannot be read is no noise',
  precision: 'lost digits are no noise',
  identity: 'an id that stands for two things is no noise',
  unaligned: 'give the list a key: { key: PATH, by: id }',
}

const isTooBroad = (pattern: string): boolean =>
  pattern === '' || pattern === 'status' || /^(?:\/\*|(?:header|trailer):\*)+$/.test(pattern)

/** What comes and goes is one thing. */
const alike: readonly DifferenceKind[] = ['missing', 'extra']

/** `ignore` keeps the shape of a value: whatever varies, it may not become something else. */
const verbFor = ({ pattern, kind }: NoiseCount): Readonly<Record<string, unknown>> => {
  if (kind === 'value') return { ignore: pattern }
  if (kind === 'order') return { order: pattern, is: 'ignored' }
  if (kind === 'spelling') return { spelling: pattern }
  return { ignore: pattern, allow: alike.includes(kind) ? alike : [kind] }
}

/** A rule about a container speaks of everything in it too. */
const holdsOthers = ({ kind, types = [] }: NoiseCount): boolean =>
  kind !== 'value' &&
  kind !== 'order' &&
  types.some((type) => type === 'object' || type === 'array')

/** How many elements a list has varies: a rule for that would overlook what they are, too. */
const isLength = ({ kind, pattern }: NoiseCount): boolean =>
  alike.includes(kind) && pattern.endsWith('/*')

/** What keeps a rule for it from being safe; null: nothing. */
const objection = (noise: NoiseCount): string | null => {
  const { pattern, kind, seen } = noise
  if (noise.isHidden === true) return 'its name looks like a secret, and is not shown'
  if (isTooBroad(pattern)) return 'a rule for it would overlook the whole answer'
  const refusal = refusals[kind]
  if (refusal !== undefined) return refusal
  if (isLength(noise)) return 'a rule for it would overlook every element of the list'
  if (holdsOthers(noise)) return 'a rule for it would overlook everything that it holds'
  return seen < leastSeen ? 'too few to tell noise from a change of the data' : null
}

const counted = ({ seen, shape }: NoiseCount, repeats: number): string => {
  const always = shape === null || shape.name === 'any' ? '' : `, always as ${shape.name}`
  return `legacy differs from itself here in ${seen} of ${repeats} repeats${always}`
}

const suggested = (noise: NoiseCount, repeats: number): Suggestion => {
  const { pattern, kind } = noise
  const why = counted(noise, repeats)
  const against = objection(noise)
  if (against !== null) return { pattern, kind, rule: null, why: `${against} (${why})` }
  const rule = { ...verbFor(noise), why }
  // Asks the matcher itself: a place that cannot be written as a path has no rule.
  const isWritten = parseRules([rule], '').problems.length === 0
  return { pattern, kind, rule: isWritten ? rule : null, why }
}

const joined = (counts: readonly NoiseCount[]): NoiseCount[] =>
  counts.filter(
    ({ kind, pattern }) =>
      kind !== 'extra' ||
      !counts.some((each) => each.kind === 'missing' && each.pattern === pattern),
  )

/**
 * The noisiest first.
 *
 * @param repeats how often legacy was asked again
 */
export const suggestedRules = (
  counts: readonly NoiseCount[],
  repeats: number,
): readonly Suggestion[] =>
  joined(counts)
    .toSorted((a, b) => b.seen - a.seen || a.pattern.localeCompare(b.pattern))
    .map((noise) => suggested(noise, repeats))

/** What may end a line, turn the direction of writing or command a terminal. */
const hostile = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

/** JSON is YAML: every text quoted, so that nothing a target sent is read as anything else. */
const quoted = (text: unknown): string => JSON.stringify(text).replace(hostile, escaped)

const written = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(quoted).join(', ')}]` : quoted(value)

const ruleLine = (rule: NonNullable<Suggestion['rule']>): string =>
  `    - { ${Object.entries(rule)
    .map(([key, value]) => `${key}: ${written(value)}`)
    .join(', ')} }`

const nothing =
  '# neither legacy against itself nor what is written has shown noise: there is nothing to suggest\n'

/**
 * A ruleset as YAML text, and in comments what no rule is suggested for.
 */
export const suggestRules = (name: string, all: readonly Suggestion[]): string => {
  if (all.length === 0) return nothing
  const rules = all.flatMap(({ rule }) => (rule === null ? [] : [ruleLine(rule)]))
  const refused = all.filter(({ rule }) => rule === null)
  const comments = refused.map(
    ({ pattern, kind, why }) => `# no rule for ${kind} at ${quoted(pattern)}: ${why}`,
  )
  const ruleset = rules.length === 0 ? [] : ['rulesets:', `  ${quoted(name)}:`, ...rules]
  return `${[...ruleset, ...comments].join('\n')}\n`
}

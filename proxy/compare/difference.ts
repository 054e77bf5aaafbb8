/**
 * One place where two observations differ, and how much that matters.
 * docs/reference/outcomes.md carries the table of kinds (tested).
 */
import type { JsonValue } from './json.ts'

/** From what breaks a client to what few will ever see. */
export const severities = ['breaking', 'major', 'minor', 'info'] as const
export type Severity = (typeof severities)[number]

export type DifferenceKind =
  | 'missing'
  | 'extra'
  | 'type'
  | 'unreadable'
  | 'precision'
  | 'value'
  | 'shape'
  | 'identity'
  | 'unaligned'
  | 'repeated'
  | 'order'
  | 'spelling'

// biome-ignore format: a table reads best as a table
export const kinds: Readonly<Record<DifferenceKind, { severity: Severity; means: string }>> = {
  missing:    { severity: 'breaking', means: 'legacy has it, modern has not' },
  extra:      { severity: 'minor',    means: 'modern has it, legacy has not' },
  type:       { severity: 'breaking', means: 'another JSON type, media type or element' },
  unreadable: { severity: 'breaking', means: 'one of the two bodies is not what it claims to be' },
  precision:  { severity: 'breaking', means: 'two numbers that are one and the same as doubles, or such a number as text and what a double leaves of it: digits were lost on the way' },
  value:      { severity: 'major',    means: 'the same type, another value' },
  shape:      { severity: 'major',    means: 'a value that a rule or noise may change, but in another form: a time that lost its zone, an id that became text' },
  identity:   { severity: 'major',    means: 'an id that stands for another one than elsewhere in the same answer' },
  unaligned:  { severity: 'major',    means: 'two long lists with so little in common that no element can be told to be another' },
  repeated:   { severity: 'minor',    means: 'a name that only one side repeats within one object' },
  order:      { severity: 'info',     means: 'the same elements in another order' },
  spelling:   { severity: 'info',     means: 'the same value written otherwise: 1.0 and 1, a relative and an absolute Location' },
}

export const differenceKinds: readonly DifferenceKind[] = Object.keys(kinds) as DifferenceKind[]

/** What a path starts from: a part of an answer, or what was written for it. */
export type Part = 'status' | 'header' | 'trailer' | 'body' | 'writes'

export interface Difference {
  /** `/items/[id=7]/price`, `header:location/query/page`, `status`; '' is the whole body. */
  readonly path: string
  /** The path with `*` for elements and names that are data: few per route, so they can be counted. */
  readonly pattern: string
  readonly kind: DifferenceKind
  readonly severity: Severity
  /** What legacy has, as JSON text of at most 256 characters; null: nothing. */
  readonly legacy: string | null
  readonly modern: string | null
}

/** A difference that a rule overlooks. */
export interface Excused extends Difference {
  /** The id of the rule, such as `php#2`. */
  readonly rule: string
}

/** What was found at a place, before anybody judged it. Undefined: nothing is there. */
export interface Finding {
  readonly kind: DifferenceKind
  readonly legacy: JsonValue | undefined
  readonly modern: JsonValue | undefined
  /** Whether the place holds lists elsewhere in the answers, or did before; absent: nobody has looked. */
  readonly isList?: boolean
}

/** Headers whose differences let somebody in, or lock somebody out. */
const guards =
  /^(?:www-authenticate|proxy-authenticate|access-control-.*|content-security-policy|strict-transport-security)$/

/** Status codes of another class break clients; 200 for 201 does so rarely. */
const statusSeverity = (finding: Finding): Severity => {
  const [legacy, modern] = [finding.legacy, finding.modern].map((value) =>
    typeof value === 'object' && value !== null && 'text' in value ? value.text.charAt(0) : '',
  )
  return legacy === modern ? 'major' : 'breaking'
}

/** @param header its name in lower case, where the part is a header */
export const severityOf = (part: Part, finding: Finding, header: string): Severity => {
  if (part === 'status') return statusSeverity(finding)
  if (part === 'header' && guards.test(header)) return 'breaking'
  // What is written, and should not be, is there for good.
  if (part === 'writes' && finding.kind === 'extra') return 'breaking'
  return kinds[finding.kind].severity
}

/** The gravest of them; null: there are none. */
export const gravest = (differences: readonly Difference[]): Severity | null =>
  severities.find((severity) => differences.some((each) => each.severity === severity)) ?? null

/**
 * What a comparison carries along: where it is, which rules hold, what it has found. One per
 * comparison; the only state in this folder.
 */

import { isEmptyMap } from './coerce.ts'
import {
  type Difference,
  type DifferenceKind,
  type Excused,
  type Finding,
  type Part,
  severityOf,
} from './difference.ts'
import type { Identities } from './identities.ts'
import type { JsonValue } from './json.ts'
import { shown } from './json-text.ts'
import type { Means } from './likeness.ts'
import { isNoise, type NoisyPlace } from './noise.ts'
import type { Step } from './place.ts'
import { listPlacesOf } from './places.ts'
import type { Rule, Verb } from './rule.ts'
import { judge } from './rules.ts'
import { createSameness } from './sameness.ts'
import { createTrail } from './trail.ts'

/** What was found, sorted by who overlooks it. */
export interface Findings {
  readonly differences: Difference[]
  readonly excused: Excused[]
  /** Differences that legacy shows against itself. */
  readonly noise: Difference[]
  /** How many more there are than are listed. */
  omitted: number
}

export interface Walk extends Means {
  readonly found: Findings
  /** Null: an id is a value like any other. */
  readonly identities: Identities | null
  enter(step: Step): void
  leave(): void
  /** From here on, places belong to this part. */
  begin(part: Part): void
  /** What stands at the root, for what other values of a place tell. */
  hold(values: readonly JsonValue[]): void
  /** Names the identities where no rule about the place does; null: there are none. */
  readonly identityRule: Rule | null
  /** What a rule has settled by itself. */
  excuse(rule: Rule, kind: DifferenceKind, legacy: JsonValue, modern: JsonValue): void
  report(kind: DifferenceKind, legacy: JsonValue | undefined, modern: JsonValue | undefined): void
  /** The last rule of this verb about the place: what is written later is more to the point. */
  rule(verb: Verb): Rule | null
}

/** Beyond this a list of differences helps nobody; what is beyond still counts. */
export const mostListed = 500

/** Comparisons of two members: about half a second. */
const budget = 5_000_000

const text = (value: JsonValue | undefined): string | null =>
  value === undefined ? null : shown(value)

export interface WalkOptions {
  readonly rules: readonly Rule[]
  readonly noise: readonly NoisyPlace[]
  readonly identities: Identities | null
}

/** Places that hold lists: what is empty there is no map. Looked for once somebody asks. */
const createLists = (noise: readonly NoisyPlace[]) => {
  let held: readonly JsonValue[] = []
  let found: readonly ReadonlySet<string>[] | null = null
  return {
    hold(values: readonly JsonValue[]): void {
      held = values
    },
    /** Noise: lists that come in another order have elements. */
    has(part: Part, pattern: string): boolean {
      found ??= held.map(listPlacesOf)
      const isPermuted = noise.some((each) => each.kind === 'order' && each.pattern === pattern)
      return isPermuted || (part === 'body' && found.some((each) => each.has(pattern)))
    },
  }
}

export const createWalk = ({ rules, noise, identities }: WalkOptions): Walk => {
  const trail = createTrail(rules)
  const found: Findings = { differences: [], excused: [], noise: [], omitted: 0 }
  const lists = createLists(noise)
  const verbs = new Set(rules.map(({ verb }) => verb))

  /** What is not listed is not even written. */
  const list = <T>(into: T[], write: () => T): void => {
    if (into.length < mostListed) into.push(write())
    else found.omitted++
  }
  const differenceOf = (finding: Finding): Difference => ({
    ...trail.place(),
    kind: finding.kind,
    severity: severityOf(trail.part(), finding, trail.header()),
    legacy: text(finding.legacy),
    modern: text(finding.modern),
  })
  const findingOf = (kind: DifferenceKind, legacy?: JsonValue, modern?: JsonValue): Finding => ({
    ...{ kind, legacy, modern },
    ...(isEmptyMap(legacy, modern) && { isList: lists.has(trail.part(), trail.place().pattern) }),
  })
  return {
    found,
    budget: { left: budget },
    sameness: createSameness(),
    identities,
    identityRule: rules.find((rule) => rule.verb === 'identity') ?? null,
    excuse(rule, kind, legacy, modern) {
      const finding = { kind, legacy, modern }
      list(found.excused, () => ({ ...differenceOf(finding), rule: rule.id }))
    },
    enter: trail.enter,
    leave: trail.leave,
    begin: trail.begin,
    hold: lists.hold,
    report(kind, legacy, modern) {
      const { rule, finding } = judge(trail.rules(), findingOf(kind, legacy, modern), trail.part())
      const write = (): Difference => differenceOf(finding)
      if (rule !== null) list(found.excused, () => ({ ...write(), rule: rule.id }))
      else if (isNoise(noise, trail.place(), finding)) list(found.noise, write)
      else list(found.differences, write)
    },
    // Asked at every list: most comparisons have no such rule.
    rule: (verb) =>
      verbs.has(verb) ? (trail.rules().findLast((rule) => rule.verb === verb) ?? null) : null,
  }
}

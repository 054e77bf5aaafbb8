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
import { type Place, placeBelow, placeOf, type Step } from './place.ts'
import { listPlacesOf } from './places.ts'
import type { Rule, Verb } from './rule.ts'
import { judge, ruleAt } from './rules.ts'
import { createSameness } from './sameness.ts'

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
  rule(verb: Verb): Rule | null
}

/** Beyond this a list of differences helps nobody; what is beyond still counts. */
export const mostListed = 500

/** Comparisons of two members: about half a second. */
const budget = 5_000_000

const text = (value: JsonValue | undefined): string | null =>
  value === undefined ? null : shown(value)

const headerName = ([step]: readonly Step[]): string => (typeof step === 'string' ? step : '')

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
  const steps: Step[] = []
  /** Of the first steps, where they lead: written once for all that is below them. */
  const places: Place[] = []
  const found: Findings = { differences: [], excused: [], noise: [], omitted: 0 }
  let part: Part = 'body'
  const lists = createLists(noise)

  const list = <T>(into: T[], difference: T): void => {
    if (into.length < mostListed) into.push(difference)
    else found.omitted++
  }
  const placeNow = (): Place => {
    for (const step of steps.slice(places.length))
      places.push(placeBelow(part, places.at(-1) ?? placeOf(part), step))
    return places.at(-1) ?? placeOf(part)
  }
  const differenceOf = (finding: Finding): Difference => ({
    ...placeNow(),
    kind: finding.kind,
    severity: severityOf(part, finding, headerName(steps)),
    legacy: text(finding.legacy),
    modern: text(finding.modern),
  })
  const findingOf = (kind: DifferenceKind, legacy?: JsonValue, modern?: JsonValue): Finding => ({
    ...{ kind, legacy, modern },
    ...(isEmptyMap(legacy, modern) && { isList: lists.has(part, placeNow().pattern) }),
  })
  return {
    found,
    budget: { left: budget },
    sameness: createSameness(),
    identities,
    identityRule: rules.find((rule) => rule.verb === 'identity') ?? null,
    excuse(rule, kind, legacy, modern) {
      list(found.excused, { ...differenceOf({ kind, legacy, modern }), rule: rule.id })
    },
    enter(step) {
      steps.push(step)
    },
    leave() {
      steps.pop()
      places.length = Math.min(places.length, steps.length)
    },
    begin(next) {
      part = next
    },
    hold: lists.hold,
    report(kind, legacy, modern) {
      const { rule, finding } = judge(rules, findingOf(kind, legacy, modern), part, steps)
      const difference = differenceOf(finding)
      if (rule !== null) list(found.excused, { ...difference, rule: rule.id })
      else if (isNoise(noise, difference, finding)) list(found.noise, difference)
      else list(found.differences, difference)
    },
    rule: (verb) => ruleAt(rules, verb, part, steps),
  }
}

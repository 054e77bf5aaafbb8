/**
 * Where a walk is, and which rules speak of that place. What is above a place is looked at once for all
 * that is below it, however deep it is.
 */
import type { Part } from './difference.ts'
import { createFollower, type Progress } from './match-place.ts'
import { type Place, placeBelow, placeOf, type Step } from './place.ts'
import { type Rule, reachesBelow } from './rule.ts'

interface Spot {
  readonly place: Place
  /** For each rule. */
  readonly progress: readonly Progress[]
}

export interface Trail {
  enter(step: Step): void
  leave(): void
  /** From here on, places belong to this part. */
  begin(part: Part): void
  part(): Part
  /** Name of the header; '' outside of one. */
  header(): string
  place(): Place
  /** The rules about the place, in their order. */
  rules(): readonly Rule[]
}

export const createTrail = (rules: readonly Rule[]): Trail => {
  const followers = rules.map(({ path, verb }) => createFollower(path, reachesBelow(verb)))
  const steps: Step[] = []
  let part: Part = 'body'
  /** The root and, after each of the first steps, where it leads. */
  const spots: Spot[] = []

  const rootOf = (): Spot => ({
    place: placeOf(part),
    progress: followers.map((follower) => follower.begin(part)),
  })
  const below = ({ place, progress }: Spot, step: Step): Spot => ({
    place: placeBelow(part, place, step),
    progress: followers.map((follower, at) => follower.next(progress[at] ?? [], step)),
  })
  const spot = (): Spot => {
    let last = spots.at(-1) ?? rootOf()
    if (spots.length === 0) spots.push(last)
    for (let at = spots.length - 1; at < steps.length; at++) {
      last = below(last, steps[at] ?? '')
      spots.push(last)
    }
    return last
  }
  return {
    enter(step) {
      steps.push(step)
    },
    leave() {
      steps.pop()
      spots.length = Math.min(spots.length, steps.length + 1)
    },
    begin(next) {
      part = next
      spots.length = 0
    },
    part: () => part,
    header: () => (typeof steps[0] === 'string' ? steps[0] : ''),
    place: () => spot().place,
    rules() {
      const { progress } = spot()
      return rules.filter((_, at) => followers[at]?.isThere(progress[at] ?? []))
    },
  }
}

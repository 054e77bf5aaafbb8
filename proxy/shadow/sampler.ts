/** Which requests of a route are shadowed: an exact share of them, and whatever was not seen before. */
import type { Route } from '../config/config.ts'
import type { Tally } from './finding.ts'
import type { ShedReason } from './shed.ts'

/** A route as it is sampled. */
export interface SampledRoute {
  readonly route: Pick<Route, 'id' | 'sampleBp'>
  /** What was seen in another one is unseen in this. */
  readonly epoch: string
}

export type Heard = Pick<Tally, 'route' | 'epoch' | 'shape' | 'outcome'> &
  Partial<Pick<Tally, 'reason'>>

export interface Sampler {
  /**
   * Whether a request is shadowed: by its turn, or because none of its shape was seen on the route.
   * To be asked once for every request that could be.
   */
  takes(plan: SampledRoute, shape: string): boolean
  /** Whether one that was passed over is taken all the same, ahead of the turns to come. */
  takesAhead(plan: SampledRoute): boolean
  /** Hears what each sample came to: of one that was not compared, nothing was seen. */
  hear(tally: Heard): void
  /** Forgets every route but these. */
  keep(ids: ReadonlySet<string>): void
}

const whole = 10_000
/** How many samples may be taken ahead of their turn before others wait for them. */
const mostAhead = 10
/** Shapes that are remembered for one route; with more of them nothing counts as unseen. */
const mostShapes = 1_000
/** Samples of one shape that may come to nothing before it has to wait for its turn as others do. */
const mostTries = 10

/** Why nothing at all is compared for as long as it lasts: no shape is used up meanwhile. */
const atRest: ReadonlySet<string> = new Set<ShedReason>(['paused', 'pressure', 'lanes', 'blocked'])

/** A shape of which no sample was compared yet. */
interface Unseen {
  tries: number
  /** Requests of the shape to be passed over before it is tried again; infinite: one is under way. */
  wait: number
}

interface Turns {
  readonly epoch: string
  /** Basis points that have come together since the last sample; below zero: taken ahead. */
  credit: number
  readonly shapes: Map<string, Unseen | 'seen'>
}

/** Null: nothing is to be found out about it. */
const unseenOf = ({ shapes }: Turns, shape: string): Unseen | null => {
  const known = shapes.get(shape)
  if (known !== undefined) return known === 'seen' ? null : known
  if (shapes.size >= mostShapes) return null
  const made: Unseen = { tries: 0, wait: 0 }
  shapes.set(shape, made)
  return made
}

/** What was shed for an hour must not be sampled for an hour: each wait is twice as long. */
const waitAfter = (tries: number): number => 2 ** (tries - 1) - 1

/**
 * Counts instead of throwing dice: of any n requests in a row n × sample are taken, to within one,
 * but for those that are taken ahead: unseen shapes, up to 1 000 of a route, and errors, up to ten
 * before their turns have come. Outlives a reload; what is unseen starts anew with each epoch.
 */
export const createSampler = (): Sampler => {
  const routes = new Map<string, Turns>()
  const turnsOf = ({ route, epoch }: SampledRoute): Turns => {
    const known = routes.get(route.id)
    if (known?.epoch === epoch) return known
    const made: Turns = { epoch, credit: known?.credit ?? 0, shapes: new Map() }
    routes.set(route.id, made)
    return made
  }
  const spend = (turns: Turns): true => {
    turns.credit = Math.max(turns.credit - whole, -mostAhead * whole)
    return true
  }
  return {
    takes(plan, shape) {
      const { sampleBp } = plan.route
      if (sampleBp <= 0) return false
      const turns = turnsOf(plan)
      turns.credit += sampleBp
      const unseen = unseenOf(turns, shape)
      const isDue = unseen?.wait === 0
      if (!isDue && turns.credit < whole) {
        if (unseen !== null) unseen.wait--
        return false
      }
      if (unseen !== null) {
        unseen.tries++
        unseen.wait = Number.POSITIVE_INFINITY
      }
      return spend(turns)
    },
    takesAhead(plan) {
      if (plan.route.sampleBp <= 0) return false
      // An answer of before a reload begins no epoch again that is over.
      const turns = routes.get(plan.route.id) ?? turnsOf(plan)
      return turns.credit - whole >= -mostAhead * whole && spend(turns)
    },
    hear({ route, epoch, shape, outcome, reason = null }) {
      const turns = routes.get(route)
      const unseen = turns?.shapes.get(shape)
      if (turns?.epoch !== epoch || unseen === undefined || unseen === 'seen') return
      const isCompared = outcome !== 'shed' && outcome !== 'inconclusive'
      const isAtRest = outcome === 'shed' && atRest.has(reason ?? '')
      // What is shed then is never the last of its tries.
      if (isAtRest) unseen.tries = Math.min(unseen.tries, mostTries - 1)
      if (isCompared || unseen.tries >= mostTries) turns.shapes.set(shape, 'seen')
      else unseen.wait = waitAfter(unseen.tries)
    },
    keep(ids) {
      for (const id of routes.keys()) if (!ids.has(id)) routes.delete(id)
    },
  }
}

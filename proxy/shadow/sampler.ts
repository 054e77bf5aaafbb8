/** Which requests of a route are shadowed: an exact share of them, and whatever was not seen before. */
import type { Route } from '../config/config.ts'

export interface Sampler {
  /**
   * Whether a request is shadowed: by its turn, or because none of its shape was seen on the route.
   * To be asked once for every request that could be.
   */
  takes(route: Pick<Route, 'id' | 'sampleBp'>, shape: string): boolean
  /** Whether one that was passed over is taken all the same, ahead of the turns to come. */
  takesAhead(route: Pick<Route, 'id' | 'sampleBp'>): boolean
  /** Forgets every route but these. */
  keep(ids: ReadonlySet<string>): void
}

const whole = 10_000
/** How many samples may be taken ahead of their turn before others wait for them. */
const mostAhead = 10
/** Shapes that are remembered for one route; with more of them nothing counts as unseen. */
const mostShapes = 1_000

interface Turns {
  /** Basis points that have come together since the last sample; below zero: taken ahead. */
  credit: number
  readonly shapes: Set<string>
}

const isUnseen = ({ shapes }: Turns, shape: string): boolean => {
  if (shapes.has(shape) || shapes.size >= mostShapes) return false
  shapes.add(shape)
  return true
}

/**
 * Counts instead of throwing dice: of any n requests in a row n × sample are taken, to within one,
 * but for those that are taken ahead: unseen shapes, up to 1 000 of a route, and errors, up to ten
 * before their turns have come. Outlives a reload.
 */
export const createSampler = (): Sampler => {
  const routes = new Map<string, Turns>()
  const turnsOf = (id: string): Turns => {
    const known = routes.get(id)
    if (known !== undefined) return known
    const made: Turns = { credit: 0, shapes: new Set() }
    routes.set(id, made)
    return made
  }
  const spend = (turns: Turns): true => {
    turns.credit = Math.max(turns.credit - whole, -mostAhead * whole)
    return true
  }
  return {
    takes({ id, sampleBp }, shape) {
      if (sampleBp <= 0) return false
      const turns = turnsOf(id)
      turns.credit += sampleBp
      const isNew = isUnseen(turns, shape)
      return (isNew || turns.credit >= whole) && spend(turns)
    },
    takesAhead({ id, sampleBp }) {
      if (sampleBp <= 0) return false
      const turns = turnsOf(id)
      return turns.credit - whole >= -mostAhead * whole && spend(turns)
    },
    keep(ids) {
      for (const id of routes.keys()) if (!ids.has(id)) routes.delete(id)
    },
  }
}

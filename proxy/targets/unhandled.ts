/** Routes that ask for a handler which the application does not have. Pure. */
import type { Route } from '../config/config.ts'
import { plans } from '../stage.ts'

/** Whether the stage asks a handler: as the primary or as the shadow. */
export const needsHandler = ({ modern, stage }: Route): boolean =>
  modern === 'handlers' && (plans[stage].primary !== 'legacy' || plans[stage].shadow !== null)

/** @param names of the application's routes; null: it does not tell, and nothing is known */
const unhandled = (
  routes: readonly Route[],
  names: readonly string[] | null,
): ReadonlyMap<string, Route> => {
  if (names === null) return new Map()
  const known = new Set(names)
  const lacking = routes.filter((route) => needsHandler(route) && !known.has(route.id))
  return new Map(lacking.map((route) => [route.id, route]))
}

/**
 * Refuses routes that move to a handler which is not there: their clients would meet a 404 that no
 * fallback mends. Those that are there already refuse nothing, or no other route could be taken back.
 *
 * @throws Error that names the first of them, and the way out
 */
export const assertHandled = (
  wanted: readonly Route[],
  running: readonly Route[],
  names: readonly string[] | null,
): void => {
  const before = unhandled(running, names)
  for (const { id, stage } of unhandled(wanted, names).values()) {
    if (before.has(id)) continue
    const wrong = `"${id}" is at ${stage} and the handlers that run have no route of this name`
    throw new Error(`${wrong}: "banyan check" says which they have, a new build needs a restart`)
  }
}

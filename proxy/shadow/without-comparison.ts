/** What stands for the shadow while no comparison engine is configured: a word in the log. */
import type { Engine } from '../serve.ts'
import type { Log } from '../telemetry/log.ts'

/** Reserves nothing, and says so once for each route that would be shadowed. */
export const createReserveNothing = (log: Log): Engine['reserve'] => {
  const told = new Set<string>()
  return ({ route, shadow }) => {
    if (shadow === null || told.has(route.id)) return null
    told.add(route.id)
    log.warn('shadow_not_compared', {
      route: route.id,
      stage: route.stage,
      shadow,
      why: 'no comparison engine is configured: the primary answers, nobody else is asked',
    })
    return null
  }
}

/** What legacy shows against itself, by route, as long as its route stays in one epoch. */
import { createNoiseLedger, type NoiseLedger } from '../compare/noise-ledger.ts'

export interface NoiseLedgers {
  /** An empty one where the route has entered another epoch. */
  of(route: string, epoch: string): NoiseLedger
  /** Null: nothing was learned in this epoch. */
  find(route: string, epoch: string): NoiseLedger | null
  /** Forgets every route but these. */
  keep(routes: ReadonlySet<string>): void
}

export const createNoiseLedgers = (): NoiseLedgers => {
  const held = new Map<string, { readonly epoch: string; readonly ledger: NoiseLedger }>()
  return {
    of(route, epoch) {
      const known = held.get(route)
      if (known?.epoch === epoch) return known.ledger
      const ledger = createNoiseLedger()
      held.set(route, { epoch, ledger })
      return ledger
    },
    find(route, epoch) {
      const known = held.get(route)
      return known?.epoch === epoch ? known.ledger : null
    },
    keep(routes) {
      for (const id of held.keys()) if (!routes.has(id)) held.delete(id)
    },
  }
}

/** The exemplars that this process holds in memory: a few of each kin, bounded in number and bytes. */

import { exemplarKin } from '../store/exemplar-kin.ts'
import type { ExemplarQuery } from '../store/store.ts'
import type { Exemplar } from './finding.ts'

export interface ExemplarKeep {
  /** Makes room by letting go of the oldest, of its own kin first. */
  put(exemplar: Exemplar): void
  /** Newest first. */
  find(query: ExemplarQuery): readonly Exemplar[]
  /** The newest, of every route where none is named; null: it is not there, or no longer. */
  get(id: string, route?: string): Exemplar | null
}

export interface ExemplarLimits {
  readonly ofKin: number
  readonly inAll: number
  readonly bytes: number
}

const usualLimits: ExemplarLimits = { ofKin: 5, inAll: 500, bytes: 8 * 1_048_576 }
const usualFound = 20

interface Held {
  readonly exemplar: Exemplar
  readonly kin: string
  readonly bytes: number
}

const lengthOf = (bytes: Uint8Array | null | undefined): number => bytes?.length ?? 0

/** Heads and differences are small beside bodies. */
const headBytes = 4_096

const bytesOf = ({ request, legacy, modern }: Exemplar): number =>
  headBytes + lengthOf(request.body) + lengthOf(legacy?.body.bytes) + lengthOf(modern?.body.bytes)

/** Clients name requests: of one name there may be one exchange on each route. */
export const exemplarKey = ({ id, route }: Pick<Exemplar, 'id' | 'route'>): string =>
  JSON.stringify([id, route])

/** Whether the place is among what differs, overlooked or not. */
export const showsPlace = ({ comparison }: Exemplar, wanted: string): boolean =>
  comparison !== null &&
  [comparison.differences, comparison.excused, comparison.noise].some((found) =>
    found.some(({ pattern }) => pattern === wanted),
  )

const fits =
  ({ route, outcome, pattern }: ExemplarQuery) =>
  (exemplar: Exemplar): boolean =>
    (route === undefined || exemplar.route === route) &&
    (outcome === undefined || exemplar.outcome === outcome) &&
    (pattern === undefined || showsPlace(exemplar, pattern))

export const createExemplarKeep = (limits: ExemplarLimits = usualLimits): ExemplarKeep => {
  /** The oldest first. */
  const held = new Map<string, Held>()
  let bytes = 0

  const drop = (key: string): void => {
    bytes -= held.get(key)?.bytes ?? 0
    held.delete(key)
  }
  /** Unconfirmed ones go before confirmed ones. */
  const thin = (kin: string): void => {
    const kindred = [...held.values()].filter((each) => each.kin === kin)
    if (kindred.length <= limits.ofKin) return
    const least = kindred.find(({ exemplar }) => !exemplar.confirmed) ?? kindred[0]
    if (least !== undefined) drop(exemplarKey(least.exemplar))
  }
  return {
    put(exemplar) {
      const key = exemplarKey(exemplar)
      drop(key)
      const one = { exemplar, kin: exemplarKin(exemplar), bytes: bytesOf(exemplar) }
      held.set(key, one)
      bytes += one.bytes
      thin(one.kin)
      for (const each of held.keys()) {
        if (held.size <= limits.inAll && bytes <= limits.bytes) return
        drop(each)
      }
    },
    find(query) {
      const all = [...held.values()].map(({ exemplar }) => exemplar).filter(fits(query))
      return all.toReversed().slice(0, query.limit ?? usualFound)
    },
    get(id, route) {
      const isIt = ({ exemplar }: Held): boolean =>
        exemplar.id === id && (route === undefined || exemplar.route === route)
      return [...held.values()].findLast(isIt)?.exemplar ?? null
    },
  }
}

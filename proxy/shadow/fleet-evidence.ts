/**
 * The evidence of every shadowed route, this process's and what the store has of the others. Put
 * together away from requests, a route at a time, so that whoever reads it reads what is there.
 */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import type { Evidence } from '../cutover/evidence.ts'
import { mergeEvidence } from '../cutover/merge-evidence.ts'
import { resetReason } from '../cutover/reset-reason.ts'
import type { Store } from '../store/store.ts'
import type { EvidenceBook } from './evidence-book.ts'

export interface FleetEvidence {
  /** As it was put together last. Null: the route is not shadowed. */
  read(route: string): Evidence | null
  /** Every route that is shadowed. */
  routes(): readonly string[]
  /** Puts it together anew, unless that was done a moment ago. Never rejects, never takes long. */
  refresh(): Promise<void>
}

export interface FleetEvidenceOptions {
  readonly book: EvidenceBook
  /** Null: the config says that there is none. */
  readonly store: Pick<Store, 'readEvidence'> | null
  /** Names this process. */
  readonly instance: string
  /** Monotonic milliseconds. */
  readonly now: () => number
}

const freshMs = 1_000
/** What others have counted may be a little older. */
const storeFreshMs = 5_000
/** A store that is slow or away keeps nobody waiting: what it says comes with the next reading. */
const mostWaitMs = 1_000

const grouped = (all: readonly Evidence[]): Map<string, Evidence[]> => {
  const groups = new Map<string, Evidence[]>()
  for (const one of all) {
    const group = groups.get(one.route)
    if (group === undefined) groups.set(one.route, [one])
    else group.push(one)
  }
  return groups
}

/** What other processes have counted, read now and then. */
const createOthers = ({ store, instance, now }: FleetEvidenceOptions) => {
  let known: ReadonlyMap<string, readonly Evidence[]> = new Map()
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null

  const read = async (from: Pick<Store, 'readEvidence'>): Promise<void> => {
    try {
      const all = await from.readEvidence()
      known = grouped(all.filter((one) => !one.instance.split(' ').includes(instance)))
    } catch {
      // The status of the store says so; what was known stays.
    } finally {
      readAt = now()
      reading = null
    }
  }
  return {
    of: (route: string): readonly Evidence[] => known.get(route) ?? [],
    async refresh(): Promise<void> {
      if (store === null || now() - readAt < storeFreshMs) return
      reading ??= read(store)
      const hurry = new AbortController()
      const late = wait(mostWaitMs, undefined, { signal: hurry.signal }).catch(() => {})
      await Promise.race([reading, late])
      hurry.abort()
    },
  }
}

/** Why it is not the epoch that stood before it, in whichever process. */
const reasonSince = (own: Evidence, stored: readonly Evidence[]): string | null => {
  const [last] = stored
    .filter(({ epoch, since }) => epoch !== own.epoch && since < own.since)
    .toSorted((a, b) => b.last - a.last)
  if (last?.parts === undefined || own.parts === undefined) return null
  return resetReason(last.parts, own.parts)
}

export const createFleetEvidence = (options: FleetEvidenceOptions): FleetEvidence => {
  const { book, now } = options
  const others = createOthers(options)
  let known: ReadonlyMap<string, Evidence> = new Map()
  let madeAt = Number.NEGATIVE_INFINITY
  let making: Promise<void> | null = null

  const together = (own: Evidence): Evidence => {
    const stored = others.of(own.route)
    try {
      const merged = mergeEvidence([own, ...stored.filter(({ epoch }) => epoch === own.epoch)])
      return { ...merged, resetReason: merged.resetReason ?? reasonSince(merged, stored) }
    } catch {
      // Another version may have stored what this one cannot read.
      return own
    }
  }
  const make = async (): Promise<void> => {
    await others.refresh()
    const next = new Map<string, Evidence>()
    for (const route of book.routes()) {
      const own = book.peek(route)
      if (own !== null) next.set(route, together(own))
      await turn()
    }
    known = next
    madeAt = now()
    making = null
  }
  return {
    read: (route) => known.get(route) ?? null,
    routes: () => [...known.keys()],
    refresh() {
      if (now() - madeAt < freshMs) return Promise.resolve()
      making ??= make()
      return making
    },
  }
}

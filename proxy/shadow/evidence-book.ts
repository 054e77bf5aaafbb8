/** What this process has counted of each route in its present epoch, told to the store from time to time. */
import { setImmediate as turn } from 'node:timers/promises'
import { countTallies, type TallyCount } from '../cutover/count-tallies.ts'
import { createEvidence, type Evidence } from '../cutover/evidence.ts'
import { resetReason } from '../cutover/reset-reason.ts'
import { type EpochParts, nameParts } from './epoch.ts'
import type { Tally } from './finding.ts'
import type { ShownNoise } from './shown-noise.ts'

/** Which epoch a route is in, and what that is about. */
export interface RouteEpoch {
  readonly epoch: string
  readonly about: EpochParts
}

export interface EvidenceBook {
  /** Counts it, unless it is about another epoch than its route's. */
  add(tally: Tally): void
  /** Begins a new epoch for every route whose code, rules or upstreams have changed. */
  use(epochs: ReadonlyMap<string, RouteEpoch>): void
  /** Null: nothing was sampled in this epoch. */
  evidence(route: string): Evidence | null
  /** The same, empty or not. Null: the route is not shadowed. */
  peek(route: string): Evidence | null
  /** Every route that is shadowed. */
  routes(): readonly string[]
  /** Hands over what has changed since the last time; requests get their turn between two routes. */
  flush(): Promise<void>
}

export interface EvidenceBookOptions {
  /** Names this process. */
  readonly instance: string
  /** Unix milliseconds. */
  readonly wallNow: () => number
  readonly put: (evidence: Evidence) => void
  /** What is told beside what was counted; absent: nothing is. */
  readonly noiseOf?: ShownNoise
}

interface Page extends RouteEpoch {
  readonly count: TallyCount
  /** Named when it is first told. */
  parts: Evidence['parts'] | null
  isEmpty: boolean
  isChanged: boolean
}

/** Epochs of a route that may come back, each as it was left. */
const mostLeft = 4

/** What was counted in epochs that are over: a config that is taken back finds its own again. */
const createLeftPages = () => {
  const left = new Map<string, readonly Page[]>()
  return {
    all: (): Iterable<Page> => [...left.values()].flat(),
    leave(route: string, page: Page): void {
      if (page.isEmpty) return
      left.set(route, [page, ...(left.get(route) ?? [])].slice(0, mostLeft))
    },
    takeBack(route: string, epoch: string): Page | null {
      const pages = left.get(route) ?? []
      const found = pages.find((page) => page.epoch === epoch) ?? null
      if (found !== null)
        left.set(
          route,
          pages.filter((page) => page !== found),
        )
      return found
    },
  }
}

export const createEvidenceBook = (options: EvidenceBookOptions): EvidenceBook => {
  const { instance, wallNow, put, noiseOf = () => ({}) } = options
  let pages: ReadonlyMap<string, Page> = new Map()
  const left = createLeftPages()

  const pageOf = (route: string, { epoch, about }: RouteEpoch): Page => {
    const before = pages.get(route)
    if (before?.epoch === epoch) return before
    const known = left.takeBack(route, epoch)
    if (known !== null) return known
    const reason = before === undefined ? null : resetReason(before.about, about)
    const start = { route, epoch, instance, now: wallNow(), resetReason: reason }
    const count = countTallies(createEvidence(start))
    return { epoch, about, count, parts: null, isEmpty: true, isChanged: false }
  }
  const told = (page: Page): Evidence => {
    const evidence = page.count.evidence()
    page.parts ??= nameParts(page.about)
    return { ...evidence, parts: page.parts, ...noiseOf(evidence.route, page.epoch) }
  }
  return {
    add(tally) {
      const page = pages.get(tally.route)
      if (page === undefined || page.epoch !== tally.epoch) return
      page.count.add(tally)
      page.isEmpty = false
      page.isChanged = true
    },
    use(epochs) {
      const before = pages
      pages = new Map([...epochs].map(([route, each]) => [route, pageOf(route, each)]))
      for (const [route, page] of before) if (pages.get(route) !== page) left.leave(route, page)
    },
    evidence(route) {
      const page = pages.get(route)
      return page === undefined || page.isEmpty ? null : told(page)
    },
    peek(route) {
      const page = pages.get(route)
      return page === undefined ? null : told(page)
    },
    routes: () => [...pages.keys()],
    async flush() {
      for (const page of [...pages.values(), ...left.all()]) {
        if (!page.isChanged) continue
        page.isChanged = false
        put(told(page))
        await turn()
      }
    },
  }
}

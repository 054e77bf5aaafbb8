/** The seats of a pool of lanes, and which lane is next. */
import type { Lane } from './lane.ts'
import type { Seat } from './lane-seat.ts'

export const isRunning = (lane: Lane | null): boolean =>
  lane !== null && lane.state() !== 'starting' && lane.state() !== 'ended'

type State = ReturnType<Lane['state']>

const taken: ReadonlySet<State> = new Set(['held', 'busy'])
const isFree: ReadonlySet<State> = new Set(['free'])

const inState = (states: ReadonlySet<State>, seats: readonly Seat[]): Lane[] =>
  seats.flatMap(({ lane }) => (lane !== null && states.has(lane.state()) ? [lane] : []))

/** The seats of a pool. */
export interface Pool {
  readonly seats: readonly Seat[]
  /** Those that serve a request, or are kept for one. */
  busy(): readonly Lane[]
  /** A lane for one more request; null: none is free, or as many are busy as may be. */
  next(): Lane | null
  /** Whether a request that waits may be served one day. */
  isAlive(): boolean
  /** Starts as many as so many requests need, and one more. */
  grow(requests: number): void
}

export const createPool = (places: number, seats: readonly Seat[]): Pool => ({
  seats,
  busy: () => inState(taken, seats),
  next: () => (inState(taken, seats).length < places ? (inState(isFree, seats)[0] ?? null) : null),
  isAlive: () => seats.some(({ lane }) => lane !== null && lane.state() !== 'ended'),
  grow(requests) {
    const there = seats.filter(({ lane }) => lane !== null && lane.state() !== 'ended').length
    const wanted = Math.min(places, requests) + 1
    const empty = seats.filter((seat) => seat.isEmpty())
    for (const seat of empty.slice(0, Math.max(0, wanted - there))) seat.start()
  },
})

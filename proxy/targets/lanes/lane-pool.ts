/** The seats of a pool of lanes, and which lane is next. */
import type { Lane } from './lane.ts'
import type { Seat } from './lane-seat.ts'

export const isRunning = (lane: Lane | null): boolean =>
  lane !== null && (lane.state() === 'free' || lane.state() === 'busy')

const inState = (state: ReturnType<Lane['state']>, seats: readonly Seat[]): Lane[] =>
  seats.flatMap(({ lane }) => (lane?.state() === state ? [lane] : []))

/** The seats of a pool. */
export interface Pool {
  readonly seats: readonly Seat[]
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
  busy: () => inState('busy', seats),
  next: () => (inState('busy', seats).length < places ? (inState('free', seats)[0] ?? null) : null),
  isAlive: () => seats.some(({ lane }) => lane !== null && lane.state() !== 'ended'),
  grow(requests) {
    const there = seats.filter(({ lane }) => lane !== null && lane.state() !== 'ended').length
    const wanted = Math.min(places, requests) + 1
    const empty = seats.filter((seat) => seat.isEmpty())
    for (const seat of empty.slice(0, Math.max(0, wanted - there))) seat.start()
  },
})

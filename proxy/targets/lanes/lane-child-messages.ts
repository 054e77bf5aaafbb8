/** What the edge and the process of a lane say to each other, besides what lanes always say. */
import type { CarriedError, FromLane, LaneTask } from './lane-messages.ts'

/** What the process is told first. */
export interface LaneChild {
  readonly task: LaneTask
  /** The id of the process that it serves. */
  readonly parent: number
  /** Resident memory that it may take. */
  readonly mostBytes: number
}

/** What a process of a lane says besides: it is about to end by what its code threw. */
export type FromChild = FromLane | { readonly is: 'threw'; readonly error: CarriedError }

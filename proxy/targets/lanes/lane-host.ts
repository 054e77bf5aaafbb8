/** What a lane runs in, as the edge sees it: a thread, or a process. Both speak the same messages. */
import type { Log } from '../../telemetry/log.ts'
import type { FromLane, LaneTask, Post, ToLane } from './lane-messages.ts'
import type { Spawner } from './spawner.ts'

export interface HostOptions {
  readonly task: LaneTask
  /** Limit of its heap. */
  readonly memoryBytes: number
  /** Starts those that are processes. */
  readonly spawner: Spawner
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export interface HostListener {
  hear(message: FromLane): void
  /**
   * It ended by itself. Nothing that it said is heard after that.
   *
   * @param thrown the words of what its code threw; null: it threw nothing
   */
  died(cause: 'memory' | 'exit' | 'error' | 'crash', thrown: string | null): void
  /** It could not be started, or nobody knows what became of it: no doing of its code. */
  lost(problem: string): void
}

/** Does not keep the process of the edge. */
export interface LaneHost {
  readonly post: Post<ToLane>
  /** Ends it wherever it is; a thread returns from native code first. */
  terminate(): void
  /** Resolves once it is gone. */
  readonly gone: Promise<void>
}

export type StartHost = (options: HostOptions, to: HostListener) => LaneHost

/** How the code of a lane speaks to the edge. */
export interface LaneLink {
  readonly post: Post<FromLane>
  /** Once only. */
  hear(listener: (message: ToLane) => void): void
  /** Nothing more is said. */
  close(): void
}

/** What sets a lane apart from the edge, by the words of the config. */
import type { Isolation } from '../../config/config.ts'
import type { StartHost } from './lane-host.ts'
import { createMemoryWatch, type MemoryWatch, type MemoryWatchOptions } from './lane-memory.ts'
import { startProcess } from './lane-process.ts'
import { startThread } from './lane-thread.ts'

interface IsolationRow {
  readonly start: StartHost
  /** Watches what no limit of the engine's counts, across the lanes of a pool. */
  readonly watchMemory: (options: MemoryWatchOptions) => MemoryWatch
}

/** A process watches itself. */
const unwatched = (): MemoryWatch => ({ begin() {}, held() {}, close() {} })

export const isolations: Readonly<Record<Isolation, IsolationRow>> = {
  thread: { start: startThread, watchMemory: createMemoryWatch },
  process: { start: startProcess, watchMemory: unwatched },
}

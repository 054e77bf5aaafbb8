/** What sets a lane apart from the edge, by the words of the config. */
import type { Isolation } from '../../config/isolation.ts'
import type { HostListener, HostOptions, LaneHost, StartHost } from './lane-host.ts'
import { createMemoryWatch, type MemoryWatch, type MemoryWatchOptions } from './lane-memory.ts'
import { startProcess } from './lane-process.ts'
import { createScratch } from './lane-scratch.ts'
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

export interface IsolatedOptions extends Omit<HostOptions, 'task'> {
  readonly task: Omit<HostOptions['task'], 'scratch'>
  readonly isolation: Isolation
}

/** Starts one with room on disk, which goes when it has gone. */
export const startIsolated = (
  { isolation, ...options }: IsolatedOptions,
  to: HostListener,
): LaneHost => {
  const scratch = createScratch()
  const task = { ...options.task, scratch: scratch.directory }
  const host = isolations[isolation].start({ ...options, task }, to)
  void host.gone.then(scratch.remove)
  return host
}

/** What runs in the shadows has what whoever serves clients leaves of the processors. */
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/**
 * Lowers the priority of the thread that calls it: where both want all of a core, it has about a
 * tenth of what an ordinary one has. Linux alone schedules threads by themselves (sched(7));
 * elsewhere nothing happens.
 */
export const stepBack = (): void => {
  if (process.platform !== 'linux') return
  try {
    // PID/task/TID: of the very thread that reads it.
    const thread = Number(readlinkSync('/proc/thread-self').split('/')[2])
    setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Without /proc nobody tells which thread this is; it serves all the same.
  }
}

/** Clients and legacy are elsewhere in life: here they must not wait for what is measured. */
import { spawnSync } from 'node:child_process'

/**
 * Has the processor serve a process before all others; what it starts is served as usual (sched(7),
 * SCHED_RR). False: it cannot be had, which takes `chrt` of util-linux and the right to it.
 */
export const serveFirst = (pid: number): boolean =>
  spawnSync('chrt', ['--all-tasks', '--reset-on-fork', '--rr', '--pid', '1', String(pid)], {
    stdio: 'ignore',
  }).status === 0

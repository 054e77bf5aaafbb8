/** What a process has cost so far, as Linux tells in /proc. */
import { readdirSync, readFileSync } from 'node:fs'

const pageBytes = 4_096

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // a thread that has just ended
  }
}

/** Microseconds of CPU, user and system, of all threads of a process. */
export const cpuMicros = (pid: number): number => {
  const threads = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = threads.map((thread) =>
    Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0] ?? 0),
  )
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1_000
}

/** Resident bytes now. */
export const residentBytes = (pid: number): number =>
  Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * pageBytes

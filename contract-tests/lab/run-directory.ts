/** A directory for each run, below one base; what dead runs left behind is reaped first. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { reapGroup } from './process-group.ts'

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Ends the processes that the pid files below `dir` name, and removes it. */
const reapRun = async (dir: string): Promise<void> => {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith('.pid')) {
      await reapGroup(join(entry.parentPath, entry.name))
    }
  }
  rmSync(dir, { recursive: true, force: true })
}

/**
 * Makes `base/run-PID`, after ending and removing every run there whose own process is gone (it was
 * killed, the machine lost power).
 */
export const makeRunDirectory = async (base: string): Promise<string> => {
  mkdirSync(base, { recursive: true })
  for (const name of readdirSync(base)) {
    const pid = Number(/^run-(\d+)$/.exec(name)?.[1] ?? 0)
    if (pid !== 0 && (!alive(pid) || pid === process.pid)) await reapRun(join(base, name))
  }
  const dir = join(base, `run-${process.pid}`)
  mkdirSync(dir)
  return dir
}

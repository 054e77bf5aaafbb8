/** Room on disk for one lane. */
import { randomUUID } from 'node:crypto'
import { lstat, readdir, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Scratch {
  /** Nobody has made it yet. */
  readonly directory: string
  /** Takes it away, where it was made: a lane that is killed cannot. Never throws. */
  remove(): void
}

/** Containers may share a disk, but know nothing of each other's processes. */
const host = (): string => hostname().replace(/[^A-Za-z0-9]/g, '_')

export const createScratch = (): Scratch => {
  const directory = join(tmpdir(), `banyan-lane-${host()}-${process.pid}-${randomUUID()}`)
  return {
    directory,
    remove: () => void rm(directory, { recursive: true, force: true }).catch(() => {}),
  }
}

const hourMs = 3_600_000
const form = /^banyan-lane-(\w+)-([1-9]\d{0,9})-[0-9a-f-]{36}$/

/** A process of another account is there, too. */
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** What has this process's own number, and is older than it, was another's. */
const isLeft = async (path: string, pid: number): Promise<boolean> => {
  const about = await lstat(path)
  const isOld = about.mtimeMs < Date.now() - hourMs
  if (!about.isDirectory() || about.uid !== process.getuid?.() || !isOld) return false
  return pid === process.pid
    ? about.mtimeMs < Date.now() - process.uptime() * 1_000
    : !isRunning(pid)
}

/**
 * Takes away what processes that were killed have left: directories of this account and this machine, an
 * hour old. Follows no link. Resolves to how many; never rejects.
 */
export const sweepScratch = async (directory: string = tmpdir()): Promise<number> => {
  let swept = 0
  for (const name of await readdir(directory).catch(() => [])) {
    const [, machine, pid] = form.exec(name) ?? []
    const path = join(directory, name)
    if (machine !== host() || !(await isLeft(path, Number(pid)).catch(() => false))) continue
    const isGone = await rm(path, { recursive: true, force: true }).then(
      () => true,
      () => false,
    )
    if (isGone) swept += 1
  }
  return swept
}

/** Room on disk for one lane. */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Scratch {
  /** Nobody has made it yet. */
  readonly directory: string
  /** Takes it away, where it was made: a lane that is killed cannot. Never throws. */
  remove(): void
}

export const createScratch = (): Scratch => {
  const directory = join(tmpdir(), `banyan-lane-${randomUUID()}`)
  return {
    directory,
    remove: () => void rm(directory, { recursive: true, force: true }).catch(() => {}),
  }
}

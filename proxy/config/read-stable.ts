/** Reads a file that may just be being written. */
import { open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

export interface StableOptions {
  /** Milliseconds between two looks. */
  readonly pauseMs?: number
  /** Looks after which a file that keeps changing is given up. */
  readonly looks?: number
}

interface Look {
  readonly text: string
  readonly size: number
  readonly mtimeMs: number
  readonly inode: number
}

/** One handle for both, so that the text and what is known of it are of one file. */
const lookAt = async (path: string): Promise<Look> => {
  const file = await open(path, 'r')
  try {
    const text = await file.readFile('utf8')
    const { size, mtimeMs, ino } = await file.stat()
    return { text, size, mtimeMs, inode: ino }
  } finally {
    await file.close()
  }
}

const isSame = (a: Look, b: Look): boolean =>
  a.text === b.text && a.size === b.size && a.mtimeMs === b.mtimeMs && a.inode === b.inode

/**
 * The text of a file once two looks agree on text, size and time: a writer that truncates and
 * writes in place leaves halves to be seen.
 *
 * @returns null when the file does not stop changing
 * @throws the error of the file system when it cannot be read
 */
export const readStable = async (
  path: string,
  { pauseMs = 50, looks = 40 }: StableOptions = {},
): Promise<string | null> => {
  let last = await lookAt(path)
  for (let i = 1; i < looks; i++) {
    await wait(pauseMs)
    const next = await lookAt(path)
    if (isSame(last, next)) return next.text
    last = next
  }
  return null
}

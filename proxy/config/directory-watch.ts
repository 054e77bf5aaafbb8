/**
 * Watches directories, never files: a watch of a file sees the first rename over it, or the first
 * swap of the link it hangs on, and nothing ever after.
 */
import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'

export interface DirectoryWatch {
  /** Watches exactly these. One that cannot be watched is tried again at the next call. */
  set(directories: readonly string[]): Promise<void>
  close(): void
}

interface Watched {
  readonly watcher: FSWatcher
  readonly inode: number
}

const inodeOf = async (path: string): Promise<number | null> => {
  try {
    return (await stat(path)).ino
  } catch {
    return null
  }
}

/**
 * @param onChange something in one of the directories has changed, or may have
 * @param onTrouble a directory cannot be watched; changes in it go unseen until it can
 */
export const createDirectoryWatch = (
  onChange: () => void,
  onTrouble: (error: unknown) => void,
): DirectoryWatch => {
  const watched = new Map<string, Watched>()
  let closed = false

  const drop = (directory: string): void => {
    watched.get(directory)?.watcher.close()
    watched.delete(directory)
  }
  const add = (directory: string, inode: number): void => {
    try {
      const watcher = watch(directory, { persistent: false }, onChange)
      watcher.on('error', (error) => {
        drop(directory)
        onTrouble(error)
      })
      watched.set(directory, { watcher, inode })
    } catch (error) {
      // Out of watches or descriptors: whoever polls still sees the change.
      onTrouble(error)
    }
  }
  const renew = async (directory: string): Promise<void> => {
    const inode = await inodeOf(directory)
    const known = watched.get(directory)
    if (known !== undefined && known.inode === inode) return
    drop(directory)
    if (inode !== null && !closed) add(directory, inode)
  }
  return {
    set: async (directories) => {
      for (const directory of watched.keys()) if (!directories.includes(directory)) drop(directory)
      await Promise.all(directories.map(renew))
    },
    close: () => {
      closed = true
      for (const directory of watched.keys()) drop(directory)
    },
  }
}

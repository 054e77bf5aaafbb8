/** Replaces a file at once: whoever reads it sees the old text or the new one, never a part. */
import { randomBytes } from 'node:crypto'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Thrown when the file or its directory may not be written. */
export class ReadOnlyError extends Error {
  override readonly name = 'ReadOnlyError'
  readonly path: string

  constructor(path: string, options?: ErrorOptions) {
    super(`${path} cannot be written here: make the change where the file comes from`, options)
    this.path = path
  }
}

/** EBUSY: the file itself is a mount, as containers do it. */
const readOnlyCodes = ['EACCES', 'EPERM', 'EROFS', 'EBUSY']

const modeOf = async (path: string): Promise<number | null> => {
  try {
    const { mode } = await stat(path)
    return mode & 0o777
  } catch {
    return null
  }
}

const real = async (path: string): Promise<string> => {
  try {
    return await realpath(path)
  } catch {
    return path
  }
}

const newFileMode = 0o644

type Parts = readonly (string | Uint8Array)[]

const writeSynced = async (path: string, parts: Parts, mode: number): Promise<void> => {
  const file = await open(path, 'wx', mode)
  try {
    for (const part of parts) await file.appendFile(part)
    // The umask has no say in a file that takes another's place.
    await file.chmod(mode)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A rename is on disk only once its directory is. */
const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/**
 * Writes a file beside `path`, syncs it and renames it into place. A symbolic link stays one: its
 * target is replaced. The mode of the old file is kept.
 *
 * @param mode for a file that is new
 * @throws ReadOnlyError where that is not allowed, else the error of the file system
 */
export const writeFileAtomically = async (
  path: string,
  parts: Parts,
  mode: number = newFileMode,
): Promise<void> => {
  const target = await real(path)
  const name = `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`
  const temporary = join(dirname(target), name)
  try {
    await writeSynced(temporary, parts, (await modeOf(target)) ?? mode)
    await rename(temporary, target)
    await syncDirectory(dirname(target))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    const code = (error as NodeJS.ErrnoException).code ?? ''
    throw readOnlyCodes.includes(code) ? new ReadOnlyError(path, { cause: error }) : error
  }
}

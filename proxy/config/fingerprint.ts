/** Whether a config may have changed, found out without parsing it. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'

/** What stands for a file or a directory that cannot be read. */
export const whyUnread = (error: unknown): string =>
  (error as NodeJS.ErrnoException | null)?.code ?? 'unreadable'

/** SHA-256 over texts in their order, hex. */
export const hashTexts = (texts: readonly string[]): string => {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text).update('\0')
  return hash.digest('hex')
}

export interface Fingerprint {
  /** `hashTexts` of the files; of `whyUnread` for one that cannot be read. */
  readonly texts: string
  /** The names in the directories: an included file may have come or gone. */
  readonly names: string
}

/** Never rejects. */
export const fingerprintOf = async (
  files: readonly string[],
  directories: readonly string[],
): Promise<Fingerprint> => {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(whyUnread)))
  const names = await Promise.all(
    directories.map((directory) => readdir(directory).catch(whyUnread)),
  )
  const sorted = names.map((found) => (typeof found === 'string' ? found : [...found].sort()))
  return { texts: hashTexts(texts), names: JSON.stringify(sorted) }
}

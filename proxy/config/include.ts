/** Which files an `include` pattern means. `*` and `?` stand for characters of one name. */
import { readdir } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'

export interface Expansion {
  /** Absolute, sorted: the order of a directory differs between file systems. */
  readonly files: readonly string[]
  /** Directories in which another file could come to match, absolute. */
  readonly directories: readonly string[]
}

const isPattern = (name: string): boolean => /[*?]/.test(name)

/** As in a shell, a name that starts with a dot is matched only by a pattern that does too. */
const nameMatcher = (pattern: string): ((name: string) => boolean) => {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  const regex = new RegExp(`^${literal.replace(/\*+/g, '[^]*').replace(/\?/g, '[^]')}$`)
  return (name) => (pattern.startsWith('.') || !name.startsWith('.')) && regex.test(name)
}

const namesIn = async (directory: string): Promise<readonly string[]> => {
  try {
    return await readdir(directory)
  } catch {
    // Not there yet, or a file: nothing matches in it.
    return []
  }
}

const expandStep = async (directory: string, step: string): Promise<readonly string[]> => {
  if (!isPattern(step)) return [join(directory, step)]
  const matches = nameMatcher(step)
  return (await namesIn(directory)).filter(matches).map((name) => join(directory, name))
}

/** @param directory of the file that says `include`, absolute */
export const expandInclude = async (directory: string, pattern: string): Promise<Expansion> => {
  const steps = pattern.split('/').filter((step) => step !== '' && step !== '.')
  const watched = new Set<string>()
  let paths: readonly string[] = [isAbsolute(pattern) ? '/' : directory]
  for (const [i, step] of steps.entries()) {
    if (isPattern(step) || i === steps.length - 1) for (const path of paths) watched.add(path)
    const next = await Promise.all(paths.map((path) => expandStep(path, step)))
    paths = next.flat()
  }
  const files = paths.map((path) => resolve(path)).sort()
  return { files, directories: [...watched].map((path) => resolve(path)) }
}

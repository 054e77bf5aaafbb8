import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Absolute path of the directory that holds Banyan's package.json, wherever the code was built to.
 * The one way to find files that the compiler does not copy: PHP, Ruby, SQL, YAML, JSON Schema.
 */
export const packageRoot = (): string => {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory)
    if (parent === directory) throw new Error('no package.json above the code: broken install')
    directory = parent
  }
  return directory
}

/** The version in Banyan's package.json. */
export const packageVersion = (): string => {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** Where the admin port is, as far as a broken config still says so: it is asked for during outages. */
import * as builtIn from './built-in.ts'
import type { Config } from './config.ts'
import { mainFile } from './keys.ts'
import { merge } from './merge.ts'
import { readShape } from './schema.ts'
import type { Environment } from './variables.ts'
import { readYaml, type Source } from './yaml.ts'

/** What stands at a key, by itself: a fault elsewhere in the file does not reach it. */
const valueAt = (source: Source, key: string, env: Environment): unknown => {
  const entry = readYaml(source, {})
    .entriesAt([])
    ?.find((each) => each.key === key)
  if (entry === undefined) return undefined
  const { start, end } = entry
  const column = start - source.text.lastIndexOf('\n', start - 1) - 1
  // The first line needs the indentation of the others.
  const text = ' '.repeat(column) + source.text.slice(start, end)
  return readYaml({ ...source, text }, env).value ?? undefined
}

/** What the file does not say, or not so that it can be read, is built in. Never throws. */
export const adminOf = (source: Source, env: Environment): Config['admin'] => {
  const { value } = readShape(mainFile, { admin: valueAt(source, 'admin', env) })
  return merge(builtIn.admin, value.admin)
}

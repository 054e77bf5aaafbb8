import { readFile } from 'node:fs/promises'
import { adminOf } from '../config/admin-of.ts'
import { adminUrl } from './admin-client.ts'
import type { Common, Io } from './io.ts'
import { loadFile } from './read-config.ts'
import { note, usageError } from './say.ts'

const originOf = (text: string): string => {
  const whole = text.includes('://') ? text : `http://${text}`
  if (/^https?:/.test(whole) && URL.canParse(whole)) return new URL(whole).origin
  throw usageError(`"${text}" is no address of a proxy`, 'write http://127.0.0.1:9901')
}

/**
 * Where the admin port is: as the option says, as the config says, or where it always is. A broken
 * config says it as far as it can be read, and stands in nobody's way here: this is asked during outages.
 *
 * @throws CommandError where the option makes no sense
 */
export const findAdmin = async (
  options: Common & { readonly admin: string | null },
  io: Pick<Io, 'env' | 'err'>,
): Promise<string> => {
  if (options.admin !== null) return originOf(options.admin)
  const { config } = await loadFile(options, io)
  if (config !== null) return adminUrl(config.admin)
  const text = await readFile(options.config, 'utf8').catch(() => '')
  const url = adminUrl(adminOf({ file: options.config, text }, io.env))
  note(io, `${options.config} cannot be used ("banyan check" says why); asking ${url}`)
  return url
}

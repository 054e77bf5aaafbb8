import { admin as builtIn } from '../config/built-in.ts'
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
 * config stands in nobody's way here: this is asked during outages.
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
  note(
    io,
    `${options.config} cannot be used ("banyan check" says why); asking ${adminUrl(builtIn)}`,
  )
  return adminUrl(builtIn)
}

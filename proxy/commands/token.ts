/** `banyan token mint`: what a tester sends to pick the target. */
import { suggest } from '../config/suggest.ts'
import { formatDuration, readDuration } from '../config/units.ts'
import { mintForceToken } from '../routing/force.ts'
import type { Target } from '../stage.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { readConfig } from './read-config.ts'
import { answering, CommandError, note, say, usageError } from './say.ts'

export interface TokenOptions extends Common {
  /** `mint` */
  readonly action: string
  readonly target: string
  readonly for: string
}

const isTarget = (text: string): text is Target => text === 'legacy' || text === 'modern'

const orderOf = ({ action, target, for: text }: TokenOptions) => {
  if (action !== 'mint') throw usageError(`nothing is known of "token ${action}"`, 'allowed: mint')
  const hint = suggest(target, ['legacy', 'modern'])
  if (!isTarget(target)) throw usageError(`"${target}" is no target`, hint)
  const forMs = readDuration(text)
  if (forMs === null || forMs < 1_000) {
    throw usageError(`"${text}" is no duration of a second or more`, 'write 30m or 8h')
  }
  return { target, forMs }
}

/** Prints the token alone, so that scripts can take it; how to send it goes to the error stream. */
export const token = (options: TokenOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const { target, forMs } = orderOf(options)
    const { force } = await readConfig(options, io)
    const key = io.env[force.keyEnv]
    if (!key) {
      const hint = `set it for the proxy and here: export ${force.keyEnv}="$(openssl rand -base64 32)"`
      throw new CommandError(exit.no, `${force.keyEnv} is not set, so that tokens are off`, hint)
    }
    if (forMs > force.maxAgeMs) {
      const longest = formatDuration(force.maxAgeMs)
      throw usageError(`force.maxAge allows at most ${longest}`, `write --for ${longest}`)
    }
    const expSeconds = Math.floor((io.now() + forMs) / 1_000)
    const minted = mintForceToken(target, expSeconds, key)
    const expires = new Date(expSeconds * 1_000).toISOString()
    const { header, cookie } = force
    const json = { token: minted, target, expires, header, cookie }
    say(io, options, { json, text: `${minted}\n` })
    if (!options.json) note(io, `until ${expires}; send it as ${header} or as the cookie ${cookie}`)
    return exit.fine
  })

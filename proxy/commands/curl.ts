/** `banyan curl`: the request of an exemplar, to be sent again by hand. */
import type { Config } from '../config/config.ts'
import { adminUrl } from './admin-client.ts'
import { curlLine } from './curl-line.ts'
import { type Exit, exit, type Io } from './io.ts'
import { loadFile } from './read-config.ts'
import { answering, note, say, usageError } from './say.ts'
import { type AskedExemplar, fetchExemplar } from './show.ts'

export interface CurlOptions extends AskedExemplar {
  /** Whose answer is wanted; null: whoever the route says. */
  readonly target: string | null
  /** Origin to send it to; null: the proxy of the config. */
  readonly to: string | null
}

const plainProxy = 'http://127.0.0.1:8080'

const originOf = (to: string | null, config: Config | null): string => {
  if (to !== null) {
    if (/^https?:\/\//.test(to) && URL.canParse(to)) return new URL(to).origin
    throw usageError(`"${to}" is no address`, 'write --to http://127.0.0.1:8080')
  }
  if (config === null) return plainProxy
  const origin = adminUrl(config.listen)
  return config.listen.tls === null ? origin : origin.replace('http:', 'https:')
}

const tell = (placeholders: readonly string[], lacksBody: boolean, io: Io): void => {
  if (placeholders.length > 0) {
    const names = placeholders.map((name) => `$${name}`).join(' ')
    note(io, `set ${names} first: what they held is redacted`)
  }
  if (lacksBody) note(io, 'a body, if there was one, is not kept: add it with --data-binary')
}

/** Exits 1 where nothing of this id is kept. */
export const curl = (options: CurlOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const { exemplar } = await fetchExemplar(options, io)
    const { config } = await loadFile(options, io)
    const header = config?.force.header ?? 'x-banyan-target'
    const more = options.target === null ? [] : [header, options.target]
    const origin = originOf(options.to, config)
    const { line, placeholders, lacksBody } = curlLine({ request: exemplar.request, origin, more })
    tell(placeholders, lacksBody, io)
    say(io, options, { json: { line, placeholders, lacksBody }, text: `${line}\n` })
    return exit.fine
  })

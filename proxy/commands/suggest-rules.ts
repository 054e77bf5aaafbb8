/** `banyan suggest-rules`: what legacy shows against itself, as rules that a person may take over. */
import { printable } from '../config/render-diagnostics.ts'
import type { SuggestedRules } from '../shadow/findings.ts'
import { createAdminClient } from './admin-client.ts'
import { findAdmin } from './find-admin.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { answering, note, say } from './say.ts'

export interface SuggestRulesOptions extends Common {
  readonly route: string
  /** Origin of the admin port; null: what the config says. */
  readonly admin: string | null
}

const tooFew = (route: string): string =>
  `legacy was not asked again for ${route} yet: a mismatch, or one request in a hundred, has it asked`

const shown = (yaml: string): string => yaml.split('\n').map(printable).join('\n')

export const suggestRules = (options: SuggestRulesOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const client = createAdminClient(await findAdmin(options, io), io)
    const path = `/v1/routes/${encodeURIComponent(options.route)}/suggested-rules`
    const found = (await client.expect('GET', path)) as SuggestedRules
    if (found.repeats === 0 && found.written === 0) note(io, tooFew(options.route))
    say(io, options, { json: found, text: shown(found.yaml) })
    return exit.fine
  })

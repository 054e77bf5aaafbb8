/** `banyan kill`: everything of a route, an upstream, or all, to legacy, through the admin port. */
import { printable } from '../config/render-diagnostics.ts'
import { suggest } from '../config/suggest.ts'
import { readDuration } from '../config/units.ts'
import { isKillScope, type KillScope, killProblem } from '../cutover/kill.ts'
import { type AdminClient, createAdminClient } from './admin-client.ts'
import { findAdmin } from './find-admin.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { answering, CommandError, note, say, usageError } from './say.ts'
import { type RoutesReply, type ShownKill, spanOf } from './status-view.ts'

export interface KillOptions extends Common {
  /** `all`, a route, an upstream, or one of the latter two after `route:` or `upstream:`. */
  readonly scope: string | null
  readonly for: string | null
  readonly reason: string | null
  /** The scope of a kill to end instead. */
  readonly lift: string | null
  readonly admin: string | null
}

type KillReply = { readonly survivesRestart: boolean } & (
  | { readonly kill: ShownKill }
  | { readonly lifted: ShownKill }
)

/** The running proxy knows what a name means, whatever state the file is in. */
const findScope = async (name: string, client: AdminClient): Promise<KillScope> => {
  if (isKillScope(name)) return name
  const { routes, upstreams } = (await client.expect('GET', '/v1/routes')) as RoutesReply
  const ids = routes.map(({ id }) => id)
  const names = [...new Set(['handlers', ...upstreams.map((upstream) => upstream.name)])]
  const [isRoute, isUpstream] = [ids.includes(name), names.includes(name)]
  if (isRoute && isUpstream) {
    const hint = `write route:${name} or upstream:${name}`
    throw usageError(`"${name}" is a route and an upstream`, hint)
  }
  if (isRoute) return `route:${name}`
  if (isUpstream) return `upstream:${name}`
  const message = `the running proxy has no route and no upstream "${name}"`
  throw new CommandError(exit.no, message, suggest(name, ['all', 'shadow', ...ids, ...names]))
}

const example = "banyan kill all --for 2h --reason 'orders fail'"

/** Null: a kill is to be lifted. */
const orderOf = ({ scope, for: text, reason, lift }: KillOptions) => {
  if (lift !== null) {
    if (scope === null && text === null && reason === null) return null
    throw usageError('--lift ends a kill: it takes no other scope, time or reason')
  }
  if (scope === null) throw usageError('kill what? all, a route, or an upstream', example)
  if (text === null) throw usageError('--for is missing: until when?', example)
  if (reason === null) throw usageError('--reason is missing, for whoever finds the kill', example)
  const forMs = readDuration(text)
  if (forMs === null) throw usageError(`"${text}" is no duration`, 'write 30m or 2h')
  const problem = killProblem({ scope: 'all', reason, forMs })
  if (problem !== null) throw usageError(problem)
  return { scope, reason, forMs }
}

const told = (reply: KillReply, nowMs: number): string => {
  if ('lifted' in reply) return `lifted the kill of ${printable(reply.lifted.scope)}\n`
  const { scope, until } = reply.kill
  const span = spanOf(Date.parse(until) - nowMs)
  return `killed ${printable(scope)} for ${span}, until ${printable(until)}\n`
}

/** In force when it returns. Exits 3 where no proxy answers: nothing is changed then. */
export const kill = (options: KillOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const order = orderOf(options)
    const client = createAdminClient(await findAdmin(options, io), io)
    const scope = await findScope(order?.scope ?? options.lift ?? '', client)
    const reply = (await (order === null
      ? client.expect('DELETE', `/v1/kills/${encodeURIComponent(scope)}`)
      : client.expect('POST', '/v1/kills', { ...order, scope }))) as KillReply
    say(io, options, { json: reply, text: told(reply, io.now()) })
    if (!reply.survivesRestart) {
      note(io, 'the disk did not take it: a restart of the proxy brings back what was before')
    }
    return exit.fine
  })

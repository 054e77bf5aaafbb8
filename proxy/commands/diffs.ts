/** `banyan diffs`: where the answers of a route differ, and what the gates say of it. */
import type { ExemplarLine } from '../admin/findings-paths.ts'
import type { RouteStatus } from '../admin/status.ts'
import type { RouteDiffs } from '../cutover/route-diffs.ts'
import { type AdminClient, createAdminClient } from './admin-client.ts'
import { diffsView } from './diffs-view.ts'
import { findAdmin } from './find-admin.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { answering, CommandError, say, usageError } from './say.ts'
import { type Column, createPaint, table } from './text.ts'

export interface DiffsOptions extends Common {
  readonly route: string
  /** As it was typed: so many places, or exchanges. */
  readonly top: string
  /** Whether exchanges are listed instead of places. */
  readonly exchanges: boolean
  /** Origin of the admin port; null: what the config says. */
  readonly admin: string | null
}

const most = 200

const countOf = (text: string): number => {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= most) return count
  throw usageError(`"${text}" is no count`, `write --top with a number from 1 to ${most}`)
}

const notShadowed = (route: string): CommandError =>
  new CommandError(
    exit.no,
    `nothing of ${route} is compared`,
    `"banyan flip ${route} shadow" begins that; it needs a legacy and a modern target, and effects: read or, for what writes, modern: handlers with writes: capture or writes: cage`,
  )

const columns: readonly Column<ExemplarLine>[] = [
  { title: 'ID', read: ({ id }) => id },
  { title: 'AT', read: ({ at }) => at.slice(11, 19) },
  {
    title: 'OUTCOME',
    read: ({ outcome, reason, confirmed }) =>
      `${outcome}${reason === null ? '' : `: ${reason}`}${confirmed ? ', confirmed' : ''}`,
  },
  { title: 'SEVERITY', read: ({ severity }) => severity ?? '-' },
  { title: 'REQUEST', read: ({ method, url }) => `${method} ${url}`.slice(0, 60) },
  {
    title: 'PLACES',
    read: ({ places, egress = [] }) => [...places, ...egress].join(' ').slice(0, 60),
  },
]

const pathOf = (route: string): string => `/v1/routes/${encodeURIComponent(route)}`

const listExchanges = async (client: AdminClient, options: DiffsOptions, io: Io): Promise<Exit> => {
  const path = `${pathOf(options.route)}/exemplars?limit=${countOf(options.top)}`
  const json = (await client.expect('GET', path)) as { exemplars: readonly ExemplarLine[] }
  const lines = json.exemplars
  const nothing = 'nothing is kept: answers that are alike byte for byte leave no exemplar\n'
  const text = lines.length === 0 ? nothing : table(columns, lines, createPaint(io.color))
  say(io, options, { json, text })
  return exit.fine
}

/** Exits 1 where the route is not compared. */
export const diffs = (options: DiffsOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const { route } = options
    const top = countOf(options.top)
    const client = createAdminClient(await findAdmin(options, io), io)
    if (options.exchanges) return listExchanges(client, options, io)
    const found = (await client.expect('GET', `${pathOf(route)}/diffs`)) as {
      readonly diffs: RouteDiffs | null
    }
    if (found.diffs === null) throw notShadowed(route)
    const { untold = null } = (await client.expect('GET', pathOf(route))) as RouteStatus
    const text = diffsView(found.diffs, top, createPaint(io.color), untold)
    say(io, options, { json: { ...found, untold }, text })
    return exit.fine
  })

/** `banyan status`: what a running proxy does, once or until Ctrl-C. */
import { suggest } from '../config/suggest.ts'
import { type AdminClient, createAdminClient } from './admin-client.ts'
import { findAdmin } from './find-admin.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { answering, CommandError, say } from './say.ts'
import {
  addressesView,
  type ProcessReply,
  processView,
  type RoutesReply,
  routesView,
  routeView,
} from './status-view.ts'
import { createPaint, fitScreen } from './text.ts'
import { verdictsView } from './verdicts-view.ts'
import { writesView } from './writes-view.ts'

export interface StatusOptions extends Common {
  /** Id of a route; null: all of them. */
  readonly route: string | null
  readonly watch: boolean
  /** Origin of the admin port; null: what the config says. */
  readonly admin: string | null
}

interface Seen extends RoutesReply {
  readonly process: ProcessReply
}

const refreshMs = 1_000

const look = async (client: AdminClient, id: string | null): Promise<Seen> => {
  const [process, all] = (await Promise.all([
    client.expect('GET', '/v1/status'),
    client.expect('GET', '/v1/routes'),
  ])) as [ProcessReply, RoutesReply]
  if (id === null) return { process, ...all }
  const routes = all.routes.filter((route) => route.id === id)
  if (routes.length > 0) return { process, ...all, routes }
  const ids = all.routes.map((route) => route.id)
  throw new CommandError(exit.no, `the running proxy has no route "${id}"`, suggest(id, ids))
}

const show = ({ process, ...all }: Seen, options: StatusOptions, io: Io): void => {
  const paint = createPaint(io.color)
  const { routes } = all
  const body =
    options.route === null
      ? routesView(routes, paint) +
        verdictsView(routes, paint) +
        writesView(routes, paint) +
        addressesView(all.upstreams, paint)
      : routes.map((route) => routeView(route, paint)).join('')
  const text = `${processView(process, io.now(), paint)}\n${body}`
  say(io, options, { json: { process, ...all }, text })
}

/** From the top of the screen, over what was there: nothing flickers. */
const redrawn = (text: string): string => `\u001b[H${text.replaceAll('\n', '\u001b[K\n')}\u001b[J`

const watch = async (client: AdminClient, options: StatusOptions, io: Io): Promise<Exit> => {
  const redraws = io.terminal && !options.json
  const sheet: string[] = []
  const write = (text: string): void => void sheet.push(text)
  const paper: Io = redraws ? { ...io, out: write, err: write } : io
  if (redraws) io.out('\u001b[2J')
  const stop = io.stop()
  while (!stop.aborted) {
    await answering(options, paper, async () => {
      show(await look(client, options.route), options, paper)
      return exit.fine
    })
    if (redraws) io.out(redrawn(fitScreen(sheet.splice(0).join(''), io.size())))
    await io.wait(refreshMs, stop)
  }
  return exit.fine
}

/** Exits 3 where no proxy answers, 1 where it has no such route. Watching goes on in both cases. */
export const status = (options: StatusOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const client = createAdminClient(await findAdmin(options, io), io)
    if (options.watch) return watch(client, options, io)
    show(await look(client, options.route), options, io)
    return exit.fine
  })

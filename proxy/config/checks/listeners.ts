/** The process: who can reach it, and on which ports. */
import { isIP } from 'node:net'
import { fault } from '../diagnostics.ts'
import { type Check, inMain, type PlacedFault } from './check.ts'

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** Whoever reaches the admin listener can send all traffic back to legacy. */
const publicAdmin: Check = (draft) => {
  const { host } = draft.config.admin
  if (isLoopback(host)) return []
  const message = `${host} can be reached from outside, and the admin listener asks nobody who he is`
  const hint =
    'admin: { host: 127.0.0.1 }; for kubelet and Prometheus there is probes, which only reads'
  return [inMain(draft, ['admin', 'host'], fault('publicAdmin', message, hint))]
}

const everywhere = ['0.0.0.0', '::']

const samePort: Check = (draft) => {
  const { listen, admin, probes } = draft.config
  const listeners = [
    { key: 'listen', ...listen },
    { key: 'admin', ...admin },
    ...(probes === null ? [] : [{ key: 'probes', ...probes }]),
  ].filter(({ port }) => port !== 0)
  return listeners.flatMap(({ key, host, port }, i): PlacedFault[] => {
    const taken = listeners
      .slice(0, i)
      .find(
        (other) =>
          other.port === port &&
          (other.host === host || [host, other.host].some((h) => everywhere.includes(h))),
      )
    if (taken === undefined) return []
    const message = `port ${port} is taken by ${taken.key} already`
    const path = draft.main.yaml.has([key, 'port']) ? [key, 'port'] : [taken.key, 'port']
    return [inMain(draft, path, fault('samePort', message, 'give each listener a port of its own'))]
  })
}

const noRoutes: Check = (draft) => {
  const isThere = draft.files.some(({ yaml }) => yaml.has(['routes']))
  const written = draft.files.some(({ findings }) =>
    findings.some(({ path }) => path.length === 0 || path[0] === 'routes'),
  )
  if (draft.routes.length > 0 || written) return []
  const hint = 'routes: { rest: { match: /*, legacy: php } } sends everything to upstream php'
  return [inMain(draft, isThere ? ['routes'] : [], fault('noRoutes', 'there are no routes', hint))]
}

export const listenerChecks: readonly Check[] = [publicAdmin, samePort, noRoutes]

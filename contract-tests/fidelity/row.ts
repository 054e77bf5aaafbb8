/** One behaviour of a proxy that a client or an origin can see, and how it is proved. */
import type { ListenConfig, UpstreamConfig } from '../../proxy/config/config.ts'
import { plainConfig, plainListen, plainUpstream } from '../../proxy/edge/plain-config.ts'
import { type ProxyLab, startProxy } from '../../proxy/proxy-lab.ts'
import {
  createOrigin,
  type Heard,
  type LabOrigin,
  type OriginScript,
  reply,
} from '../lab/origin.ts'
import { askOnce, type Talk, talkTo } from './talk.ts'

/** A client, a Banyan and an origin, all on loopback. */
export interface World {
  readonly origin: LabOrigin
  readonly proxy: ProxyLab
  /** Opens a connection to the proxy. */
  talk(): Talk
  /** Says bytes on a connection of their own; resolves with all that came until its end. */
  tell(bytes: string | Uint8Array): Promise<string>
  /** Asks once, and shows what the origin heard of it. */
  heard(line: string, lines?: readonly string[], body?: string): Promise<Heard>
  /** Asks `GET /` once, and shows what came. */
  answer(lines?: readonly string[]): Promise<string>
}

export interface Row {
  /** The probe's name, as of the table that compares proxies. */
  readonly id: string
  /** A present-tense sentence of what Banyan does. */
  readonly says: string
  /** Default: an empty `200 OK`. */
  readonly origin?: OriginScript
  readonly listen?: Partial<ListenConfig>
  readonly timeouts?: Partial<UpstreamConfig['timeouts']>
  readonly pool?: Partial<UpstreamConfig['pool']>
  readonly holds: (world: World) => Promise<void>
}

export const openWorld = async (row: Row): Promise<World & { close(): Promise<void> }> => {
  const origin = await createOrigin(row.origin ?? (() => reply('200 OK')))
  const plain = plainUpstream([origin.url])
  const php: UpstreamConfig = {
    ...plain,
    timeouts: { ...plain.timeouts, ...row.timeouts },
    pool: { ...plain.pool, ...row.pool },
  }
  const { routes } = plainConfig({ upstreams: { php } })
  const proxy = await startProxy({ upstreams: { php }, routes, listen: plainListen(row.listen) })
  const talks: Talk[] = []
  const talk = (): Talk => {
    const made = talkTo(proxy.port)
    talks.push(made)
    return made
  }
  const tell = (bytes: string | Uint8Array): Promise<string> => {
    const { say, closed } = talk()
    say(bytes)
    return closed
  }
  return {
    origin,
    proxy,
    talk,
    tell,
    async heard(line, lines = [], body = '') {
      await tell(askOnce(line, lines, body))
      return origin.next()
    },
    answer: (lines = []) => tell(askOnce('GET /', lines)),
    async close() {
      for (const { socket } of talks) socket.destroy()
      await proxy.close()
      await origin.close()
    },
  }
}

/** The header lines of a request, each as `Name: value`. */
export const requestLinesOf = ({ head }: Heard): string[] => head.split('\r\n').slice(1)

/** The values of one header, in order. */
export const valuesOf = (lines: readonly string[], name: string): string[] =>
  lines
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim())

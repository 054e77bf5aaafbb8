/**
 * What a shadowed handler sends into the world besides its database: refused, and noted, but for what
 * the config lets through. Set up once in a lane, before the handlers are loaded; the lane's own driver
 * goes through `allow`.
 */
import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import inspector from 'node:inspector'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import {
  createReach,
  datagramDestination,
  destinationText,
  placeText,
  type Reach,
  socketDestination,
} from './destination.ts'
import { hearRequests } from './egress-requests.ts'

/** What a handler tried to reach. */
export interface Refused {
  /** `a connection to mail.internal:25`: the same however often it is tried. */
  readonly what: string
  /** HTTP requests that this was for: method and URL, redacted. */
  readonly requests: readonly string[]
}

export interface Egress {
  /** Runs what may open sockets, until it returns. */
  allow<T>(work: () => T): T
  /** What somebody else has refused. */
  note(what: string): void
  /** What was refused since the last call, each once. */
  take(): readonly Refused[]
}

const refusedError = (what: string): Error =>
  Object.assign(new Error(`a shadow may not reach out: ${what}`), {
    code: 'ERR_BANYAN_EGRESS',
    errno: -1,
    syscall: 'connect',
  })

const processes = [
  'spawn',
  'spawnSync',
  'exec',
  'execSync',
  'execFile',
  'execFileSync',
  'fork',
] as const

/** Variables that a shell sets for what follows them. */
const variables = /^(?:\w+=(?:[^\s'"\\]|'[^']*'|"[^"]*"|\\.)*\s+)*/

/** Its name alone: arguments, and variables set before it, may hold what a client sent. */
const programOf = (command: unknown): string => {
  const [word = ''] = String(command).trim().replace(variables, '').split(/\s/, 1)
  return word.includes('=') ? '…' : placeText(word).slice(0, 40)
}

const most = 20

/** Bindings of Node that open sockets or start processes. */
const reaching: ReadonlySet<string> = new Set(
  'spawn_sync process_wrap tcp_wrap pipe_wrap udp_wrap cares_wrap js_stream inspector worker'.split(
    ' ',
  ),
)
/** `lookup`, `lookupService`, `resolve4`, `reverse` … */
const asks = /^(?:lookup|resolve|reverse)/

const connection = 'a connection to '

const whereIn = (what: string): string =>
  what.startsWith(connection) ? what.slice(connection.length) : ''

/** What a guard asks, and whom it tells. */
interface Gate {
  note(what: string): void
  refuse(what: string): never
  allow: Egress['allow']
  isAllowed(): boolean
  readonly reach: Reach
}

const guardSockets = ({ note, allow, isAllowed, reach }: Gate): void => {
  const { connect } = net.Socket.prototype
  net.Socket.prototype.connect = function guarded(this: net.Socket, ...given: unknown[]) {
    const to = socketDestination(given)
    if (isAllowed() || reach.destination(to))
      return allow(() => Reflect.apply(connect, this, given))
    const what = `${connection}${destinationText(to)}`
    note(what)
    // As a network that is not there would: not before whoever connects can listen.
    process.nextTick(() => this.destroy(refusedError(what)))
    return this
  } as typeof connect
}

type Ask = (...given: unknown[]) => unknown

/** Then all that it sends goes where it could be connected to. */
const isConnected = (socket: unknown): boolean => {
  try {
    return (socket as dgram.Socket).remoteAddress() !== null
  } catch {
    return false
  }
}

/** What may be sent opens its socket by itself. */
const guardDatagrams = ({ refuse, allow, isAllowed, reach }: Gate): void => {
  const socket = dgram.Socket.prototype as unknown as Record<string, Ask>
  const { bind = refuse } = socket
  socket.bind = function guarded(this: unknown, ...given) {
    return isAllowed() ? Reflect.apply(bind, this, given) : refuse('a datagram (bind)')
  }
  for (const name of ['send', 'connect']) {
    const reachOut = socket[name] as Ask
    socket[name] = function guarded(this: unknown, ...given) {
      const to = datagramDestination(name === 'send' ? given : [null, ...given])
      if (!reach.destination(to) && !isConnected(this))
        return refuse(`a datagram to ${destinationText(to)}`)
      return allow(() => Reflect.apply(reachOut, this, given))
    }
  }
}

const guardProcesses = (refuse: (what: string) => never): void => {
  const door = childProcess as unknown as Record<string, unknown>
  for (const name of processes) {
    door[name] = (command: unknown) => refuse(`a process (${programOf(command)})`)
  }
  // What all of them come to, and anybody may make.
  door.ChildProcess = function Refused() {
    return refuse('a process')
  }
}

/**
 * Names tell, too: what is asked of a resolver goes out. A socket that may be opened may look its host up.
 * Refused as it would fail: a timer that asks must not end the lane.
 */
const guardNames = ({ note, isAllowed, reach }: Gate): void => {
  const failWith = (what: string, given: readonly unknown[]): unknown => {
    const done = given.at(-1)
    if (typeof done !== 'function') return Promise.reject(refusedError(what))
    process.nextTick(done as Ask, refusedError(what))
    return {}
  }
  const doors = [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]
  for (const door of doors as unknown as Record<string, Ask>[])
    for (const name of Object.getOwnPropertyNames(door).filter((each) => asks.test(each))) {
      const ask = door[name] as Ask
      door[name] = function guarded(this: unknown, ...given) {
        const host = String(given[0])
        if (isAllowed() || reach.name(host)) return Reflect.apply(ask, this, given)
        const what = `a name of a host (${placeText(host)})`
        note(what)
        return failWith(what, given)
      }
    }
}

/** What the modules of Node are made of, and a debugger, which reaches all threads and lets anybody in. */
const guardBackDoors = (refuse: (what: string) => never): void => {
  const bare = process as unknown as { binding: (name: string) => unknown }
  const { binding } = bare
  bare.binding = (given) => {
    const name = String(given)
    return reaching.has(name) ? refuse(`a binding (${name})`) : binding.call(process, name)
  }
  const debug = (): never => refuse('an inspector')
  Object.assign(inspector, { open: debug })
  Object.assign(inspector.Session.prototype, { connect: debug, connectToMainThread: debug })
}

/** Listening is no way out, but a server that a handler opens has no place in a lane. */
const guardServers = ({ refuse, isAllowed }: Gate): void => {
  const { listen } = net.Server.prototype
  net.Server.prototype.listen = function guarded(this: net.Server, ...given: unknown[]) {
    return isAllowed() ? Reflect.apply(listen, this, given) : refuse('a server')
  } as typeof listen
}

/** Worker threads would not be watched. */
const guardThreads = (refuse: (what: string) => never): void => {
  const threads = createRequire(import.meta.url)('node:worker_threads')
  threads.Worker = function Refused() {
    return refuse('a thread')
  }
}

/** @param reachable `host:port` of what is let through, as `shadow.egress` has it */
export const guardEgress = (reachable: readonly string[] = []): Egress => {
  const noted = new Set<string>()
  const reach = createReach(reachable)
  const heard = hearRequests(reach)
  let allowed = 0
  const note = (what: string): void => {
    if (noted.size < most) noted.add(what)
  }
  const refuse = (what: string): never => {
    note(what)
    throw refusedError(what)
  }
  const allow: Egress['allow'] = (work) => {
    allowed += 1
    try {
      return work()
    } finally {
      allowed -= 1
    }
  }
  const isAllowed = (): boolean => allowed > 0
  const gate: Gate = { note, refuse, allow, isAllowed, reach }
  guardSockets(gate)
  guardServers(gate)
  guardDatagrams(gate)
  guardProcesses(refuse)
  guardThreads(refuse)
  guardNames(gate)
  guardBackDoors(refuse)
  syncBuiltinESMExports()
  return {
    ...{ allow, note },
    take() {
      const taken = [...noted].map((what) => ({ what, requests: heard.to(whereIn(what)) }))
      noted.clear()
      heard.forget()
      return taken
    },
  }
}

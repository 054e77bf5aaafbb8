/**
 * What a shadowed handler sends into the world besides its database: refused, and noted. Set up once
 * in a lane, before the handlers are loaded; the lane's own driver goes through `allow`.
 */
import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import inspector from 'node:inspector'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
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
  /** What was refused since the last call, each once. */
  take(): readonly Refused[]
}

const refusedError = (what: string): Error =>
  Object.assign(new Error(`a shadow may not reach out: ${what}`), {
    code: 'ERR_BANYAN_EGRESS',
    errno: -1,
    syscall: 'connect',
  })

/** Where a socket was meant to go; for people. */
const whereTo = (given: unknown): string => {
  const first = Array.isArray(given) ? given[0] : given
  if (typeof first !== 'object' || first === null) return String(first).slice(0, 100)
  const { host, port, path } = first as Readonly<Record<string, unknown>>
  return String(path ?? `${host ?? 'localhost'}:${port}`).slice(0, 100)
}

const processes = [
  'spawn',
  'spawnSync',
  'exec',
  'execSync',
  'execFile',
  'execFileSync',
  'fork',
] as const

/** Its name alone: arguments, and variables set before it, may hold what a client sent. */
const programOf = (command: unknown): string => {
  const words = String(command).trim().split(/\s+/)
  return (words.find((word) => !word.includes('=')) ?? '').slice(0, 40)
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

const guardSockets = (note: (what: string) => void, isAllowed: () => boolean): void => {
  const { connect } = net.Socket.prototype
  net.Socket.prototype.connect = function guarded(this: net.Socket, ...given: unknown[]) {
    if (isAllowed()) return Reflect.apply(connect, this, given)
    const what = `${connection}${whereTo(given[0])}`
    note(what)
    // As a network that is not there would: not before whoever connects can listen.
    process.nextTick(() => this.destroy(refusedError(what)))
    return this
  } as typeof connect
}

/** `statsd.internal:8125`: of `send` and `connect` the last number is the port, and an address may follow. */
const datagramTo = (given: readonly unknown[]): string => {
  const at = given.findLastIndex((each) => typeof each === 'number')
  const host = given[at + 1]
  return `${typeof host === 'string' ? host.slice(0, 100) : 'localhost'}:${given[at] ?? '?'}`
}

const guardDatagrams = (refuse: (what: string) => never): void => {
  const socket = dgram.Socket.prototype as unknown as Record<string, unknown>
  socket.bind = () => refuse('a datagram (bind)')
  for (const name of ['send', 'connect'])
    socket[name] = (...given: unknown[]) => refuse(`a datagram to ${datagramTo(given)}`)
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

type Ask = (...given: unknown[]) => unknown

/**
 * Names tell, too: what is asked of a resolver goes out. A socket that may be opened may look its host up.
 * Refused as it would fail: a timer that asks must not end the lane.
 */
const guardNames = (note: (what: string) => void, isAllowed: () => boolean): void => {
  const what = 'a name of a host'
  const failWith = (given: readonly unknown[]): unknown => {
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
        if (isAllowed()) return Reflect.apply(ask, this, given)
        note(what)
        return failWith(given)
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
const guardServers = (refuse: (what: string) => never, isAllowed: () => boolean): void => {
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

export const guardEgress = (): Egress => {
  const noted = new Set<string>()
  const heard = hearRequests()
  let allowed = 0
  const note = (what: string): void => {
    if (noted.size < most) noted.add(what)
  }
  const refuse = (what: string): never => {
    note(what)
    throw refusedError(what)
  }
  const isAllowed = (): boolean => allowed > 0
  guardSockets(note, isAllowed)
  guardServers(refuse, isAllowed)
  guardDatagrams(refuse)
  guardProcesses(refuse)
  guardThreads(refuse)
  guardNames(note, isAllowed)
  guardBackDoors(refuse)
  syncBuiltinESMExports()
  return {
    allow(work) {
      allowed += 1
      try {
        return work()
      } finally {
        allowed -= 1
      }
    },
    take() {
      const taken = [...noted].map((what) => ({ what, requests: heard.to(whereIn(what)) }))
      noted.clear()
      heard.forget()
      return taken
    },
  }
}

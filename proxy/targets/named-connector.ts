/** Connections to a name: to one of its addresses, and to the next where that one has none. */
import type { Socket } from 'node:net'
import { ProxyError } from '../errors.ts'
import type { Connect, Dial } from './connector.ts'
import type { HostName } from './host-name.ts'

export interface NamedConnector {
  readonly connect: Connect
  /** Whether it leads to an address that the name stands for no longer. */
  isStale(socket: Socket): boolean
}

export interface NamedConnectorOptions {
  readonly dial: Dial
  readonly name: HostName
  /** For the name and all of its addresses together. */
  readonly connectMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** One attempt to open a connection. */
interface Opening {
  readonly left: string[]
  readonly dueMs: number
  readonly done: Parameters<Connect>[0]
}

/** How long an address to which no connection came about is asked last. */
const shyMs = 10_000

const late = (connectMs: number): ProxyError =>
  new ProxyError('connection_timeout', `no address of the name within ${connectMs} ms`)

export const createNamedConnector = (options: NamedConnectorOptions): NamedConnector => {
  const { dial, name, connectMs, now } = options
  const dialled = new WeakMap<Socket, string>()
  const failedMs = new Map<string, number>()
  let turn = 0

  const isShy = (address: string): boolean => now() - (failedMs.get(address) ?? -shyMs) < shyMs
  /** In turn; those that failed of late come last. */
  const inOrder = (addresses: readonly string[]): string[] => {
    const start = turn % addresses.length
    turn += 1
    const turned = [...addresses.slice(start), ...addresses.slice(0, start)]
    return [...turned.filter((one) => !isShy(one)), ...turned.filter(isShy)]
  }
  const forget = (): void => {
    for (const address of failedMs.keys()) if (!name.has(address)) failedMs.delete(address)
  }
  const dialNext = (opening: Opening): void => {
    const { left, dueMs, done } = opening
    const address = left.shift()
    if (address === undefined) {
      done(late(connectMs), null)
      return
    }
    // Each its share of the time that is left, so that a silent one does not use up all of it.
    const ms = Math.max(1, (dueMs - now()) / (left.length + 1))
    dial(address, ms, (error, socket) => {
      if (socket !== null) {
        failedMs.delete(address)
        dialled.set(socket, address)
        done(null, socket)
        return
      }
      failedMs.set(address, now())
      if (left.length > 0 && now() < dueMs) dialNext(opening)
      else done(error, null)
    })
  }
  return {
    connect(done) {
      const dueMs = now() + connectMs
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        done(late(connectMs), null)
      }, connectMs)
      name.resolve((error, addresses) => {
        clearTimeout(timer)
        if (isLate) return
        if (error !== null) {
          done(error, null)
          return
        }
        forget()
        dialNext({ left: inOrder(addresses), dueMs, done })
      })
    },
    isStale(socket) {
      const address = dialled.get(socket)
      return address !== undefined && !name.has(address)
    },
  }
}

/** The name of an upstream and the addresses that it stands for, asked again and again. */
import { lookup as systemLookup } from 'node:dns/promises'
import { ProxyError } from '../errors.ts'

/** All addresses of a name, IPv4 and IPv6. Rejects where there are none. */
export type Lookup = (hostname: string) => Promise<readonly string[]>

/** As the system does it: its hosts file, its resolvers. */
export const lookupAll: Lookup = async (hostname) => {
  const found = await systemLookup(hostname, { all: true, verbatim: true })
  return found.map(({ address }) => address)
}

export interface HostNameOptions {
  readonly lookup: Lookup
  readonly refreshMs: number
  /** The addresses are others than before; not called for the first ones. */
  readonly onChange: () => void
  /** A resolver failed that had an answer before (the error), or answers again (null). */
  readonly onTrouble: (error: unknown) => void
}

export interface HostName {
  /** Waits only for the very first answer. */
  resolve(done: (error: Error | null, addresses: readonly string[]) => void): void
  /** Whether the name stands for this address, as far as is known. */
  has(address: string): boolean
  /** Begins to ask again and again. Keeps no process alive. */
  start(): void
  close(): void
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new ProxyError('dns_error', 'no answer', { cause: error })

const isSame = (before: readonly string[], after: readonly string[]): boolean =>
  before.length === after.length && after.every((each) => before.includes(each))

/** The last good answer holds until there is another one: no answer, or an empty one, is none. */
export const createHostName = (hostname: string, options: HostNameOptions): HostName => {
  const { lookup, refreshMs, onChange, onTrouble } = options
  let known: readonly string[] | null = null
  let asking: Promise<void> | null = null
  let isTroubled = false
  let timer: NodeJS.Timeout | null = null

  const learn = (addresses: readonly string[]): void => {
    const before = known
    known = [...new Set(addresses)]
    if (isTroubled) onTrouble(null)
    isTroubled = false
    if (before !== null && !isSame(before, known)) onChange()
  }
  const ask = async (): Promise<void> => {
    try {
      const addresses = await lookup(hostname)
      if (addresses.length === 0) throw new ProxyError('dns_error', `${hostname} has no address`)
      learn(addresses)
    } catch (error) {
      if (known === null) throw error
      if (!isTroubled) onTrouble(error)
      isTroubled = true
    } finally {
      asking = null
    }
  }
  const askOnce = (): Promise<void> => {
    asking ??= ask()
    return asking
  }
  return {
    resolve(done) {
      if (known !== null) return done(null, known)
      askOnce().then(
        () => done(null, known ?? []),
        (error: unknown) => done(asError(error), []),
      )
    },
    has: (address) => known === null || known.includes(address),
    start() {
      timer ??= setInterval(() => void askOnce().catch(() => {}), refreshMs).unref()
    },
    close() {
      if (timer !== null) clearInterval(timer)
      timer = null
    },
  }
}

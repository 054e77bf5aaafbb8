/** Sessions in memory, for tests: what PHP keeps in files, with its cookie and its lock. */
import { randomBytes } from 'node:crypto'
import type { Session, SessionReader, SessionValues } from '../../routes/site/sessions.ts'

export interface MemorySessions extends SessionReader {
  /** Starts a session with these values; its `Cookie` header. */
  start(values: SessionValues): string
  /** What the session of this `Cookie` header holds; null: there is none. */
  valuesOf(cookie: string): SessionValues | null
  /** How many are held at the moment. */
  held(): number
}

interface Entry {
  values: SessionValues
  /** Resolves when whoever holds it lets go. */
  free: Promise<void>
}

const idIn = (cookie: string): string => /(?:^|; )PHPSESSID=(\w+)/.exec(cookie)?.[1] ?? ''

const applied = (values: SessionValues, changes: SessionValues): SessionValues =>
  Object.fromEntries(
    Object.entries({ ...values, ...changes }).filter(([, value]) => value !== null),
  )

export const createMemorySessions = (): MemorySessions => {
  const entries = new Map<string, Entry>()
  let held = 0

  const add = (values: SessionValues): readonly [string, Entry] => {
    const [id, entry] = [randomBytes(16).toString('hex'), { values, free: Promise.resolve() }]
    entries.set(id, entry)
    return [id, entry]
  }
  const take = async (entry: Entry, setCookie: string | null): Promise<Session> => {
    const before = entry.free
    let release = (): void => {}
    entry.free = new Promise((resolve) => {
      release = resolve
    })
    await before
    held += 1
    return {
      values: entry.values,
      setCookie,
      async close(changes) {
        entry.values = applied(entry.values, changes)
        held -= 1
        release()
      },
    }
  }
  const startNew = (): Promise<Session> => {
    const [id, entry] = add({})
    return take(entry, `PHPSESSID=${id}; path=/; HttpOnly; SameSite=Lax`)
  }
  return {
    open(cookie) {
      const known = entries.get(idIn(cookie))
      return known === undefined ? startNew() : take(known, null)
    },
    start: (values) => `PHPSESSID=${add(values)[0]}`,
    valuesOf: (cookie) => entries.get(idIn(cookie))?.values ?? null,
    held: () => held,
  }
}

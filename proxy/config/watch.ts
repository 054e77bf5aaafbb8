/** Hot reload: notices that the files of a config have changed, and has them loaded. */
import { createDebounce } from './debounce.ts'
import { createDirectoryWatch } from './directory-watch.ts'
import { type Fingerprint, fingerprintOf } from './fingerprint.ts'
import {
  createReloader,
  type ReloaderOptions,
  type ReloadResult,
  type ReloadState,
} from './reload.ts'

export interface ConfigWatchOptions extends ReloaderOptions {
  /** Quiet that is waited for after a change, milliseconds. */
  readonly debounceMs?: number
  /** How often the files are looked at, for changes that no watch reports, milliseconds. */
  readonly pollMs?: number
}

export interface ConfigWatch {
  /** Loads now, changed or not, as SIGHUP asks. Never rejects. */
  reload(): Promise<ReloadResult>
  state(): ReloadState
  /** Resolves once a reload under way has ended; none begins any more. */
  close(): Promise<void>
}

/** Writers that never rest are not waited for longer than this many quiet times. */
const mostQuiets = 10

/** Does one thing at a time, in the order asked. */
const createTurns = (): {
  take<T>(act: () => Promise<T>): Promise<T>
  done(): Promise<unknown>
} => {
  let last: Promise<unknown> = Promise.resolve()
  return {
    take: (act) => {
      const mine = last.then(act)
      last = mine.catch(() => {})
      return mine
    },
    done: () => last,
  }
}

/** Begins at once. Its timers and watches keep no process alive. */
export const createConfigWatch = (options: ConfigWatchOptions): ConfigWatch => {
  const { debounceMs = 200, pollMs = 5_000, onTrouble = () => {} } = options
  const reloader = createReloader(options)
  const turns = createTurns()
  let seen: Fingerprint | null = null
  let closed = false

  const fingerprint = (): Promise<Fingerprint> =>
    fingerprintOf(reloader.loaded().files, reloader.loaded().directories)
  const attempt = async (): Promise<ReloadResult> => {
    // Names are taken first: what changes during the load is seen as a change after it. Other
    // files than before are too, which costs one more load. Texts are taken as they were loaded: a
    // file may have changed twice meanwhile, and be again what it was before.
    const before = reloader.loaded()
    seen = await fingerprint()
    const result = await reloader.attempt()
    const { hash } = reloader.loaded()
    if (reloader.loaded() !== before) seen = { ...seen, texts: hash }
    if (!closed) await directories.set(reloader.loaded().directories)
    return result
  }
  const look = async (): Promise<void> => {
    if (closed) return
    await directories.set(reloader.loaded().directories)
    const now = await fingerprint()
    if (now.texts !== seen?.texts || now.names !== seen.names) await attempt()
  }
  const begin = async (): Promise<void> => {
    await directories.set(reloader.loaded().directories)
    seen = { texts: reloader.loaded().hash, names: (await fingerprint()).names }
    await reloader.save()
    await look()
  }

  const debounce = createDebounce({
    quietMs: debounceMs,
    mostMs: debounceMs * mostQuiets,
    now: () => performance.now(),
    act: () => void turns.take(look).catch(onTrouble),
  })
  const directories = createDirectoryWatch(debounce.ask, onTrouble)
  const poll = setInterval(debounce.ask, pollMs)
  poll.unref()
  turns.take(begin).catch(onTrouble)

  return {
    reload: () => turns.take(attempt),
    state: reloader.state,
    close: async () => {
      closed = true
      clearInterval(poll)
      debounce.cancel()
      await turns.done()
      directories.close()
    },
  }
}

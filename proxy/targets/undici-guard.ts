/**
 * Mends two faults of undici 7's HTTP/1 parser, each only where a trial on loopback shows it, so
 * that a sound undici is left alone. docs/discoveries/undici-7.md tells how they were found.
 */
import { Buffer } from 'node:buffer'
import type { Log } from '../telemetry/log.ts'
import { onTrial, type Parser, type Trial } from './undici-trial.ts'

type Finish = (this: Parser) => Error | null

const empty = Buffer.alloc(0)

/** Feeds a paused parser what its socket still holds: at most one buffer of a socket. */
const drain = (parser: Parser): void => {
  for (let rest: Uint8Array | null = null; parser.paused && rest?.length !== 0; ) {
    if (parser.ptr === null) return
    parser.llhttp.llhttp_resume(parser.ptr)
    parser.paused = false
    rest = (parser.socket.read() as Buffer | null) ?? empty
    parser.execute(rest)
  }
  if (parser.ptr === null || !parser.paused) return
  parser.llhttp.llhttp_resume(parser.ptr)
  parser.paused = false
}

/** `assert(!this.paused)` in `finish` is thrown from a socket event: it ends the process. */
const drainFirst = (finish: Finish): Finish =>
  function (this: Parser) {
    drain(this)
    return this.ptr === null ? null : finish.call(this)
  }

/** A body that only the connection's end delimits has no end where the connection was reset. */
const refuseReset = (finish: Finish): Finish =>
  function (this: Parser) {
    return this.socket.errored ?? finish.call(this)
  }

interface Fault {
  readonly name: string
  /** Whether it needs a body that is paused. */
  readonly isPaused: boolean
  /** Whether the trial shows it. Must not throw, and must not provoke what ends the process. */
  readonly shows: (trial: Trial) => Promise<boolean>
  readonly mend: (finish: Finish) => Finish
}

const faults: readonly Fault[] = [
  {
    name: 'paused_parser',
    isPaused: true,
    async shows({ parser }) {
      try {
        parser.finish()
        return false
      } catch {
        return true
      }
    },
    mend: drainFirst,
  },
  {
    name: 'reset_is_end',
    isPaused: false,
    async shows({ origin, over }) {
      origin.resetAndDestroy()
      return (await over) === 'ended'
    },
    mend: refuseReset,
  },
]

/** Returns what was found: true, the fault is there; null, undici is not as it was known to be. */
const examine = async (fault: Fault, isMending: boolean): Promise<boolean | null> =>
  onTrial(fault.isPaused, async (trial) => {
    const isThere = await fault.shows(trial)
    if (isThere && isMending) {
      const prototype = Object.getPrototypeOf(trial.parser) as { finish: Finish }
      prototype.finish = fault.mend(prototype.finish)
    }
    return isThere
  })

/**
 * Tries undici and mends it where it must be, once for the process: to be awaited before the first
 * request. Logs what it did. Takes some milliseconds.
 */
export const guardUndici = async (log: Log): Promise<void> => {
  for (const fault of faults) {
    const { name } = fault
    const found = await examine(fault, true)
    if (found === null) log.warn('undici_unknown', { fault: name })
    if (found !== true) continue
    if ((await examine(fault, false)) === true) log.error('undici_not_mended', { fault: name })
    else log.info('undici_mended', { fault: name })
  }
}

/** The structured log: one JSON object a line. The only file that knows the logging library. */
import { pino } from 'pino'
import type { LogConfig } from '../config/config.ts'
import { createLineWriter } from './line-writer.ts'
import { escapeRisky, prettyLine } from './log-line.ts'

export type LogLevel = LogConfig['level']
export type Fields = Readonly<Record<string, unknown>>

/**
 * Says one event with its fields. The name of an event is fixed text in `snake_case`; whatever
 * varies is a field. An `err` field is written with type, message and stack. Never throws, never
 * waits; what cannot be written is dropped and counted.
 */
export type Say = (event: string, fields?: Fields) => void

export interface Log extends Readonly<Record<LogLevel, Say>> {
  /** Lines dropped so far because nobody took them; absent: none ever is. */
  lost?(): number
}

/** The log of a process: the one place that owns the descriptor. */
export interface ProcessLog extends Log {
  setLevel(level: LogLevel): void
  lost(): number
  flush(): Promise<void>
  /** Flushes and lets go of the exit hook. */
  close(): Promise<void>
}

export interface LogOptions {
  readonly level: LogLevel
  /** Default: standard output. */
  readonly fd?: number
  /** Lines for people instead of JSON: for a terminal. */
  readonly pretty?: boolean
  readonly color?: boolean
  /** Bytes that may wait for a slow reader before lines are dropped; default 4 MiB. */
  readonly limitBytes?: number
  /** Process id for every line, where several write into one descriptor. */
  readonly worker?: number
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** A field that cannot be rendered (a getter that throws) must not cost the line, or the caller. */
const sayBy =
  (write: (fields: object) => void): Say =>
  (event, fields) => {
    try {
      write({ event, ...fields })
    } catch (error) {
      write({ event, unprintable: String(error) })
    }
  }

export const createLog = (options: LogOptions): ProcessLog => {
  const { level, fd = 1, pretty = false, color = false, limitBytes = 4 * 1024 * 1024 } = options
  const { worker } = options
  const writer = createLineWriter({ fd, limitBytes, shared: worker !== undefined })
  const write = pretty
    ? (line: string) => writer.write(prettyLine(line, color))
    : (line: string) => writer.write(escapeRisky(line))
  const logger = pino(
    {
      level,
      base: worker === undefined ? null : { worker },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  )
  process.once('exit', writer.flushSync)
  const says = levels.map((each) => [each, sayBy((fields) => logger[each](fields))] as const)
  return {
    ...(Object.fromEntries(says) as Record<LogLevel, Say>),
    setLevel: (next) => {
      logger.level = next
    },
    lost: writer.lost,
    flush: writer.flush,
    async close() {
      await writer.flush()
      process.removeListener('exit', writer.flushSync)
    },
  }
}

/** A log that says nothing: for tests and for the library used without one. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
}

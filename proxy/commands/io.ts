/** What a command may touch of the world; the real one is made in cli.ts. */

import type { ScreenSize } from './text.ts'

/** What a command ends with. Scripts rely on these: they never change their meaning. */
export const exit = {
  fine: 0,
  /** The answer is no: invalid, no match, refused. */
  no: 1,
  /** Wrong usage: arguments or options that make no sense. */
  usage: 2,
  /** A file or a process that could not be reached, read or written. */
  unreachable: 3,
} as const
export type Exit = (typeof exit)[keyof typeof exit]

export interface Io {
  /** What was asked for. Text ends with a newline where a line ends. */
  readonly out: (text: string) => void
  /** What people should know besides. */
  readonly err: (text: string) => void
  /** Whether `out` may hold colours. */
  readonly color: boolean
  /** Whether `out` is a terminal that can redraw. */
  readonly terminal: boolean
  /** Columns of the terminal; elsewhere what reads well. */
  readonly width: number
  /** Of the terminal, at this moment. */
  readonly size: () => ScreenSize
  readonly env: Readonly<Record<string, string | undefined>>
  readonly fetch: typeof fetch
  /** Milliseconds of the wall clock. */
  readonly now: () => number
  /** From the first call on, Ctrl-C fires this signal instead of ending the process. */
  readonly stop: () => AbortSignal
  /** Resolves after a time, or as soon as `stop` fires. */
  readonly wait: (ms: number, stop: AbortSignal) => Promise<void>
}

/** What every command is told. */
export interface Common {
  /** Path of the config file. */
  readonly config: string
  /** Print JSON instead of text. */
  readonly json: boolean
}

import type { Readable } from 'node:stream'
import type { Log } from '../../telemetry/log.ts'

/** Lines of a lane that are logged in a minute; the others are counted. */
const mostLines = 100
const minuteMs = 60_000
const longestLine = 2_000

export interface OutputOptions {
  readonly log: Log
  readonly role: 'primary' | 'shadow'
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Writes what the code in a lane prints into the log, line by line, and never waits for it. */
export const logOutput = (
  stream: Readable,
  name: 'stdout' | 'stderr',
  { log, role, now }: OutputOptions,
): void => {
  let rest = ''
  let said = 0
  let dropped = 0
  let sinceMs = now()
  const turn = (): void => {
    if (now() - sinceMs < minuteMs) return
    if (dropped > 0) log.warn('lane_output_dropped', { role, stream: name, lines: dropped })
    sinceMs = now()
    said = 0
    dropped = 0
  }
  const say = (line: string): void => {
    if (line.trim() === '') return
    said++
    if (said > mostLines) dropped++
    else log.info('lane_output', { role, stream: name, line: line.slice(0, longestLine) })
  }
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    turn()
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(0, longestLine)
    for (const line of lines) say(line)
  })
  stream.on('end', () => {
    say(rest)
    if (dropped > 0) log.warn('lane_output_dropped', { role, stream: name, lines: dropped })
  })
  stream.on('error', () => {})
}

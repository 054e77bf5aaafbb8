/** What the code of a lane prints, line by line, cut where it is made. */
import { Buffer } from 'node:buffer'

/** Lines of a lane that are told in a minute. */
const mostLines = 100
const minuteMs = 60_000
const longestLine = 2_000

const textOf = (chunk: string | Uint8Array): string =>
  typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()

/**
 * What is printed, as lines.
 *
 * @param tell hears each line; null once: the others of this minute are dropped
 * @param now monotonic milliseconds
 */
export const createLines = (
  tell: (line: string | null) => void,
  now: () => number,
): ((chunk: string | Uint8Array) => void) => {
  let rest = ''
  let said = 0
  let sinceMs = now()
  const say = (line: string): void => {
    if (line.trim() === '') return
    if (now() - sinceMs >= minuteMs) {
      sinceMs = now()
      said = 0
    }
    said++
    if (said <= mostLines) tell(line.slice(0, longestLine))
    else if (said === mostLines + 1) tell(null)
  }
  return (chunk) => {
    const lines = (rest + textOf(chunk)).split('\n')
    rest = (lines.pop() ?? '').slice(0, longestLine)
    for (const line of lines) say(line)
  }
}

/** Inside a lane: takes over a stream such as `process.stdout`. */
export const catchOutput = (
  stream: NodeJS.WriteStream,
  lines: ReturnType<typeof createLines>,
): void => {
  stream.write = (chunk: string | Uint8Array, ...given: unknown[]) => {
    lines(chunk)
    const done = given.find((each) => typeof each === 'function')
    if (done !== undefined) process.nextTick(done)
    return true
  }
}

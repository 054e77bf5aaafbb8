/** A recording from its file, line by line, whatever its length. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Recorded } from './recorded.ts'
import { type ReadLine, readRecordingLine } from './recording-text.ts'

/** What a recording holds, as far as a plan for its replay needs it. */
export interface RecordingSurvey {
  /** Exchanges by route. */
  readonly routes: ReadonlyMap<string, number>
  readonly exchanges: number
  /** Unix milliseconds of the first and the last request; 0: there is none. */
  readonly firstAt: number
  readonly lastAt: number
  /** Names of the keys of its tokens; more than one where recordings were joined. */
  readonly keys: ReadonlySet<string>
  /** Whether it has its last line; without it the recording broke off. */
  readonly isCut: boolean
}

/** A line that is none of a recording. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

interface NumberedLine {
  readonly number: number
  readonly text: string
}

/** @throws the error of the file system where it cannot be read */
async function* linesOf(path: string): AsyncGenerator<NumberedLine> {
  const input = createReadStream(path)
  let number = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    yield { number, text }
  }
}

const brokenBy = (path: string, { number }: NumberedLine, why: string): RecordingError =>
  new RecordingError(`${path}:${number} ${why}`)

const createSurvey = () => {
  const routes = new Map<string, number>()
  const keys = new Set<string>()
  let [exchanges, firstAt, lastAt] = [0, 0, 0]
  return {
    survey: () => ({ routes, exchanges, firstAt, lastAt, keys }),
    take(line: ReadLine): void {
      if (line.is === 'head') keys.add(line.head.key)
      if (line.is !== 'exchange') return
      const { route, at } = line.recorded
      routes.set(route, (routes.get(route) ?? 0) + 1)
      exchanges += 1
      firstAt = firstAt === 0 ? at : Math.min(firstAt, at)
      lastAt = Math.max(lastAt, at)
    },
  }
}

/**
 * Reads all of it once. Half a line at the end is left out: a recorder that was killed leaves it.
 *
 * @throws RecordingError at a line that is none of a recording
 */
export const surveyRecording = async (path: string): Promise<RecordingSurvey> => {
  const { take, survey } = createSurvey()
  let broken: RecordingError | null = null
  for await (const line of linesOf(path)) {
    if (broken !== null) throw broken
    const read = readRecordingLine(line.text)
    if (read.is === 'wrong') broken = brokenBy(path, line, read.why)
    else take(read)
  }
  const found = survey()
  if (found.keys.size > 0) return { ...found, isCut: broken !== null }
  throw broken ?? new RecordingError(`${path} has no head: "banyan record" writes recordings`)
}

/** Its exchanges, in the order of the file. Lines that cannot be read were told by the survey. */
export async function* readExchanges(path: string): AsyncGenerator<Recorded> {
  for await (const { text } of linesOf(path)) {
    const read = readRecordingLine(text)
    if (read.is === 'exchange') yield read.recorded
  }
}

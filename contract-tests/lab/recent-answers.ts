/** Who answered what, as Banyan's access log has it: for a board to show. */

export interface RecentAnswer {
  readonly requestId: string
  /** ISO 8601, UTC. */
  readonly time: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly target: string
  readonly route: string
  readonly totalMs: number
}

/** What stands before the request ids of the sample traffic. */
export const samplePrefix = 'sample-'

const parse = (line: string): RecentAnswer | null => {
  if (!line.includes('"event":"request"')) return null
  try {
    return JSON.parse(line) as RecentAnswer
  } catch {
    return null // The tail of a log may begin in the middle of a line.
  }
}

const isVisitors = (answer: RecentAnswer | null): answer is RecentAnswer =>
  answer !== null && !answer.requestId.startsWith(samplePrefix)

export interface RecentAnswers {
  /** Reads the tail of the log anew; those that were not there before, oldest first. */
  read(tail: string): readonly RecentAnswer[]
  /** The last ones ever read, oldest first. */
  last(): readonly RecentAnswer[]
}

/** Remembers the last answers to visitors, though they scroll out of the log's tail. */
export const createRecentAnswers = (kept: number): RecentAnswers => {
  let last: readonly RecentAnswer[] = []
  let seenUntil = ''
  return {
    read(tail) {
      const found = tail.split('\n').map(parse).filter(isVisitors)
      const at = found.findLastIndex(({ requestId }) => requestId === seenUntil)
      const fresh = found.slice(at + 1)
      seenUntil = fresh.at(-1)?.requestId ?? seenUntil
      last = [...last, ...fresh].slice(-kept)
      return fresh
    },
    last: () => last,
  }
}

/** Replays a whole recording: at its own pace or faster, so many at once, until it ends or is stopped. */
import type { Route } from '../config/config.ts'
import type { Concluded } from '../shadow/run.ts'
import type { Recorded } from './recorded.ts'
import type { Replay } from './replay.ts'
import { chooseReplay, type ReplayTerms, type SkipReason } from './replay-choice.ts'

export interface ReplayRunOptions {
  readonly exchanges: AsyncIterable<Recorded>
  readonly routes: ReadonlyMap<string, Route>
  readonly terms: ReplayTerms
  readonly replay: Replay
  /** Times the recorded pace; null: as fast as it goes. */
  readonly speed: number | null
  /** Of the first request, Unix milliseconds. */
  readonly firstAt: number
  readonly concurrency: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly wait: (ms: number, stop: AbortSignal) => Promise<void>
  readonly stop: AbortSignal
  readonly onDone: (recorded: Recorded, concluded: Concluded) => void
  readonly onSkipped: (recorded: Recorded, why: SkipReason) => void
}

/** So many at once; `enter` resolves when there is room. */
const createRoom = (places: number) => {
  let taken = 0
  const waiting: (() => void)[] = []
  return {
    async enter(): Promise<void> {
      if (taken >= places) await new Promise<void>((resolve) => waiting.push(resolve))
      else taken += 1
    },
    leave(): void {
      const next = waiting.shift()
      if (next === undefined) taken -= 1
      else next()
    },
  }
}

/** Resolves when all that was begun is over. Rejects with a fault of the file or of Banyan's own. */
export const replayAll = async (options: ReplayRunOptions): Promise<void> => {
  const { exchanges, routes, terms, replay, speed, firstAt, now, wait, stop } = options
  const room = createRoom(options.concurrency)
  const underWay = new Set<Promise<void>>()
  const startMs = now()
  const faults: unknown[] = []

  const isTimely = async ({ at }: Recorded): Promise<boolean> => {
    const dueMs = speed === null ? 0 : (at - firstAt) / speed - (now() - startMs)
    if (dueMs > 0) await wait(dueMs, stop)
    return !stop.aborted
  }
  const begin = (recorded: Recorded, choice: Parameters<Replay>[1]): void => {
    const one = replay(recorded, choice)
      .then((concluded) => options.onDone(recorded, concluded))
      .catch((error: unknown) => void faults.push(error))
      .finally(() => {
        underWay.delete(one)
        room.leave()
      })
    underWay.add(one)
  }
  for await (const recorded of exchanges) {
    if (stop.aborted || faults.length > 0) break
    const choice = chooseReplay(recorded, routes.get(recorded.route), terms)
    if (typeof choice === 'string') {
      options.onSkipped(recorded, choice)
      continue
    }
    if (!(await isTimely(recorded))) break
    await room.enter()
    begin(recorded, choice)
  }
  await Promise.all(underWay)
  if (faults.length > 0) throw faults[0]
}

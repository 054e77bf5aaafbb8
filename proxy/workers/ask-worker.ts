/** Asks workers over their own admin listeners. */
import type { WorkerProcess } from './start-worker.ts'

/** A worker that is slower is left out of what is put together. */
const answerMs = 5_000

export interface WorkerAnswer {
  readonly status: number
  readonly text: string
}

/** Null: it does not answer, or not in time. */
export const askWorker = async (
  worker: WorkerProcess,
  path: string,
): Promise<WorkerAnswer | null> => {
  const place = worker.place()
  if (place === null) return null
  try {
    const signal = AbortSignal.timeout(answerMs)
    const answer = await fetch(new URL(path, place.adminUrl), { signal })
    return { status: answer.status, text: await answer.text() }
  } catch {
    return null
  }
}

/** The bodies of those that answer 200. */
export const askAll = async <Body>(
  workers: readonly WorkerProcess[],
  path: string,
): Promise<readonly Body[]> => {
  const answers = await Promise.all(workers.map((worker) => askWorker(worker, path)))
  return answers.flatMap((answer) =>
    answer?.status === 200 ? [JSON.parse(answer.text) as Body] : [],
  )
}

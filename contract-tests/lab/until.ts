import { setTimeout as pause } from 'node:timers/promises'

/** Between two questions: short beside what is waited for, long enough to leave it the processor. ms */
const pauseMs = 10

/**
 * Asks over and over until the answer is truthy, and returns it.
 *
 * @param patience ms
 * @throws Error when that takes too long
 */
export const until = async <Answer>(
  ask: () => Promise<Answer>,
  patience: number = 20_000,
): Promise<Exclude<Answer, false | null | undefined>> => {
  const deadline = performance.now() + patience
  for (;;) {
    const answer = await ask()
    if (answer) return answer as Exclude<Answer, false | null | undefined>
    if (performance.now() > deadline) throw new Error(`not so after ${patience} ms`)
    await pause(pauseMs)
  }
}

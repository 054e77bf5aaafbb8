import { type Banyan, type BanyanOptions, type Surroundings, startBanyan } from './banyan.ts'
import { freePort } from './free-port.ts'
import type { Cost } from './probe.ts'

/** Banyan, and what it costs its machine. */
export interface ProbedBanyan extends Banyan {
  /** At this moment, after a collection. */
  cost(): Promise<Cost>
  /** The longest that its event loop was away since the last question, milliseconds. */
  longestDelayMs(): Promise<number>
}

/** As `startBanyan`, on a Node that can be asked what it costs. */
export const startProbedBanyan = async (
  world: Surroundings,
  options: BanyanOptions = {},
): Promise<ProbedBanyan> => {
  const port = await freePort()
  const probe = new URL('./probe.js', import.meta.url).href
  const banyan = await startBanyan(world, {
    ...options,
    env: { ...options.env, PROBE_PORT: String(port) },
    nodeArgs: ['--expose-gc', '--import', probe],
  })
  const ask = async <Answer>(path: string): Promise<Answer> =>
    (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Answer
  return {
    ...banyan,
    cost: () => ask<Cost>('/cost'),
    longestDelayMs: async () => (await ask<{ longestMs: number }>('/delay')).longestMs,
  }
}

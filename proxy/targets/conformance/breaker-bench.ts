/** A breaker in whose world nothing moves by itself but its own reset. */
import assert from 'node:assert/strict'
import type { BreakerConfig } from '../../config/config.ts'
import { type Breaker, type BreakerState, createBreaker } from '../breaker.ts'
import type { CallResult } from '../call-result.ts'

const config: BreakerConfig = {
  windowMs: 10_000,
  minimumCalls: 4,
  failureRateBp: 5_000,
  slowRateBp: 8_000,
  slowCallMs: 3_000,
  resetAfterMs: 60_000,
  halfOpenCalls: 3,
}

const resultOf = { '+': 'passed', '-': 'failed', '.': 'neutral' } as const satisfies Record<
  string,
  CallResult
>

export interface Bench {
  readonly breaker: Breaker
  /** The states it has come to, in order. */
  readonly states: readonly BreakerState[]
  /** What the clock would call. */
  readonly turns: readonly (() => void)[]
  readonly world: { ms: number; random: number }
  /** One tenth of the window passes. */
  turn(): void
  becomes(state: BreakerState): Promise<void>
  /** Calls one after another: `+` passed, `-` failed, `.` neutral; each takes `tookMs`. */
  call(results: string, tookMs?: number): Promise<void>
}

/** A breaker whose window only turns by hand, and whose time stands still. */
export const createBench = (about: Partial<BreakerConfig> = {}): Bench => {
  const turns: (() => void)[] = []
  const states: BreakerState[] = []
  const waiting: [BreakerState, () => void][] = []
  const world = { ms: 0, random: 0.5 }
  const breaker = createBreaker(
    { ...config, ...about },
    {
      clock: {
        every(_, tick) {
          turns.push(tick)
          return () => turns.splice(0)
        },
      },
      now: () => world.ms,
      random: () => world.random,
      onTransition(to) {
        states.push(to)
        for (const [state, resolve] of waiting) if (state === to) resolve()
      },
    },
  )
  return {
    ...{ breaker, states, turns, world },
    turn: () => turns.forEach((tick) => void tick()),
    becomes: (state: BreakerState) =>
      new Promise<void>((resolve) => {
        if (breaker.state() === state) resolve()
        waiting.push([state, resolve])
      }),
    async call(results: string, tookMs = 0) {
      for (const each of results) {
        const call = breaker.begin()
        world.ms += tookMs
        breaker.record(call, resultOf[each as keyof typeof resultOf])
      }
      await new Promise(setImmediate)
    },
  }
}

export const openBench = async (about: Partial<BreakerConfig> = {}): Promise<Bench> => {
  const bench = createBench(about)
  await bench.call('----')
  assert.equal(bench.breaker.state(), 'open')
  return bench
}

/** It stays open for 5 ms at first. */
export const halfOpenBench = async (about: Partial<BreakerConfig> = {}): Promise<Bench> => {
  const bench = createBench({ resetAfterMs: 5, ...about })
  await bench.call('----')
  await bench.becomes('halfOpen')
  return bench
}

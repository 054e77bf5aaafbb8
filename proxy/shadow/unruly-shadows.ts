/** Handlers that misbehave in the shadows, and what must come of it. For tests. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { type ShadowLab, saying, startShadowLab, type Told } from './shadow-lab.ts'

export const module: string = fileURLToPath(
  new URL('../targets/conformance/unruly-handlers.js', import.meta.url),
)

/** Those that ruin a whole process. */
export const native: string = fileURLToPath(
  new URL('../targets/conformance/native-handlers.js', import.meta.url),
)

export const fine: ReturnType<typeof saying> = saying('fine', {
  'content-type': 'text/plain; charset=utf-8',
})

const outcomesOf = (told: readonly Told[]): string[] => told.map(({ tally }) => tally.outcome)

/**
 * Asks for a path that misbehaves so many times at once: every client has legacy's answer, the first
 * outcome is the expected one, and none is missing. Others may be shed, for a lane that has died
 * rests before it starts again.
 */
export const askUnruly = async (
  path: string,
  expected: RegExp,
  times: number,
  handlers: string = module,
): Promise<void> => {
  const lab: ShadowLab = await startShadowLab({
    legacy: fine,
    handlers: { module: handlers },
    shadow: { lanes: 1 },
  })
  try {
    const asked = Array.from({ length: times }, () => lab.ask({ path }))
    for (const { status, body } of await Promise.all(asked)) {
      assert.deepEqual([status, body.toString()], [200, 'fine'])
    }
    const outcomes = outcomesOf(await lab.outcomes(times)).filter((each) => each !== 'shed')
    assert.match(outcomes[0] ?? 'none', expected)
    for (const outcome of outcomes) assert.match(outcome, expected)
    await lab.ask({ path: '/ok' })
    const all = outcomesOf(await lab.outcomes(times + 1))
    assert.match(all.at(-1) ?? '', /^(identical|equivalent|shed)$/)
    await lab.proxy.drain()
    assert.equal(lab.told.length, times + 1)
  } finally {
    await lab.close()
  }
}

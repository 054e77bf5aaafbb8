import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { bareSurroundings } from './lab/bare-surroundings.ts'
import { createOrigin, type LabOrigin, reply } from './lab/origin.ts'
import { type ProbedBanyan, startProbedBanyan } from './lab/probed-banyan.ts'
import { largeConfig } from './large-config.ts'

const routes = 2_000
const rounds = 7
/** How long the thread may be away beyond what an idle one is on this machine, milliseconds. */
const most = 20

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

describe(`reloading ${routes} routes`, function () {
  this.timeout(300_000)
  // A neighbour on the machine takes the thread away as well; a slow reload fails every series.
  this.retries(2)
  const dir = mkdtempSync(join(tmpdir(), 'banyan-reload-'))
  const configFile = join(dir, 'banyan.yaml')
  let origin: LabOrigin
  let banyan: ProbedBanyan

  before(async () => {
    origin = await createOrigin(() => reply('200 OK', [], 'legacy'))
    writeFileSync(configFile, largeConfig(routes, origin.url))
    banyan = await startProbedBanyan(bareSurroundings(dir), { configFile })
  })
  after(async () => {
    await banyan?.close()
    await origin?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** How long a reload of this text takes, and the longest that the thread was away in it. */
  const reload = async (text: string): Promise<{ took: number; away: number }> => {
    await banyan.longestDelayMs()
    const begun = performance.now()
    writeFileSync(configFile, text)
    // The watch may have been faster; then nothing is left to apply, and the wait was the same.
    assert.notEqual((await banyan.flip({})).result, 'rejected')
    return { took: performance.now() - begun, away: await banyan.longestDelayMs() }
  }
  const idle = async (ms: number): Promise<number> => {
    await banyan.longestDelayMs()
    await wait(ms)
    return banyan.longestDelayMs()
  }
  const check = async (textOf: (round: number) => string): Promise<void> => {
    // The code that a reload runs is compiled on its first rounds.
    for (const round of [-2, -1]) await reload(textOf(round))
    const extra: number[] = []
    const lines: string[] = []
    for (let round = 0; round < rounds; round++) {
      const { took, away } = await reload(textOf(round))
      const control = await idle(took)
      extra.push(away - control)
      lines.push(`${took.toFixed()} ms: away ${away.toFixed(1)}, idle ${control.toFixed(1)} ms`)
    }
    const middle = median(extra)
    process.stdout.write(`      ${lines.join('\n      ')}\n      median ${middle.toFixed(1)} ms\n`)
    assert.ok(middle <= most, `${middle.toFixed(1)} ms more than an idle thread`)
  }

  it('keeps the thread free when one route changes', async () => {
    const text = largeConfig(routes, origin.url)
    await check((round) =>
      text.replace('things0.get: {', `things0.get: { tags: [round${round + 2}], `),
    )
  })

  it('keeps the thread free when every breaker changes', async () => {
    await check((round) => largeConfig(routes, origin.url, `${round + 4}s`))
  })
})

/** Journeys through Banyan with every single request forced to one side or the other, by a seed. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { journeys } from './journeys/journeys.ts'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { borrowDatabase } from './lab/borrow-database.ts'
import type { Forms } from './lab/forms.ts'
import { type Footprint, type JourneyOptions, runJourney } from './lab/journey.ts'
import { createSeededRandom } from './lab/seeded-random.ts'
import { startWorld, type World } from './lab/world.ts'

const sides = ['legacy', 'modern'] as const

type Way = Pick<JourneyOptions, 'headers' | 'answered'>

/**
 * The footprints of all journeys.
 *
 * @param seed tells this walk from others on the same database
 */
export const walkAll = async (
  { url: origin }: Pick<Banyan, 'url'>,
  seed: number,
  way: Way = {},
): Promise<readonly Footprint[]> => {
  const footprints: Footprint[] = []
  // Of one length: an address is cut after so many characters.
  const run = `s${String(seed).padStart(6, '0')}`
  for (const [index, journey] of journeys.entries()) {
    footprints.push(...(await runJourney(journey, { origin, run: `${run}j${index}`, ...way })))
  }
  return footprints
}

/** Rejects with an AssertionError unless nobody can tell the mixture from what is expected. */
export const walkMixed = async (
  banyan: Pick<Banyan, 'url'>,
  seed: number,
  expected: readonly Footprint[],
): Promise<void> => {
  const random = createSeededRandom(seed)
  const footprints = await walkAll(banyan, seed, {
    headers: () => ({ 'x-banyan-target': random.pick(sides), 'x-banyan-explain': '1' }),
    answered: ({ headers }, _, { 'x-banyan-target': forced }) =>
      assert.equal(headers['x-banyan-target'], forced, 'who answers'),
  })
  assert.deepEqual(footprints, expected, `the mixture of seed ${seed}`)
}

export interface Mixing {
  /** Both are to be called in tests only. */
  banyan(): Banyan
  /** The footprints on legacy alone, walked once. */
  expected(): Promise<readonly Footprint[]>
}

/** Starts a world and Banyan before the tests of a suite, all routes at legacy. */
export const withMixing = (forms: Forms): Mixing => {
  let dir = ''
  let world: World | null = null
  let running: Banyan | null = null
  let expected: Promise<readonly Footprint[]> | null = null

  before(async function () {
    this.timeout(90_000)
    dir = mkdtempSync(join(tmpdir(), 'banyan-journeys-'))
    world = await startWorld({
      forms,
      dir,
      database: borrowDatabase,
      size: { users: 5, articles: 20 },
    })
    running = await startBanyan(world)
  })
  after(async function () {
    this.timeout(20_000)
    await running?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const banyan = (): Banyan => {
    if (running === null) throw new TypeError('Banyan is there only while tests run')
    return running
  }
  return {
    banyan,
    expected: () => {
      expected ??= walkAll(banyan(), 0)
      return expected
    },
  }
}

import { writeAtOnce } from './contention.ts'
import { journeys } from './journeys/journeys.ts'
import { describeEachDatabase } from './lab/each-database.ts'
import { embeddedForms, type Forms } from './lab/forms.ts'
import { runJourney } from './lab/journey.ts'
import { describeWith } from './lab/left-out.ts'
import { type Modern, startModern } from './lab/modern.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { prepareDatabase } from './lab/seed.ts'
import { walkMixed, withMixing } from './mixing.ts'

/** Of the many that `npm run test:long` walks. */
const mixtures = 4

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

describeEachDatabase('journeys on modern alone', mariadb, (database) => {
  let modern: Modern

  before(async function () {
    this.timeout(60_000)
    await prepareDatabase(database().url, { users: 5, articles: 20 })
    modern = await startModern(database().url, 'a secret of the tests')
  })
  after(() => modern?.close())

  for (const [index, journey] of journeys.entries()) {
    it(`goes through with ${journey.title}`, async () => {
      await runJourney(journey, { origin: modern.url, run: `m${index}` })
    })
  }
})

const describeMixtures = (forms: Forms): void => {
  const mixing = withMixing(forms)

  it('go through on legacy alone', async () => {
    await mixing.expected()
  }).timeout(60_000)

  for (let seed = 1; seed <= mixtures; seed++) {
    it(`go through with every request on a random side, seed ${seed}`, async () => {
      await walkMixed(mixing.banyan(), seed, await mixing.expected())
    }).timeout(60_000)
  }

  it('go through with four who write the same at once, on random sides', async () => {
    await writeAtOnce(mixing.banyan(), { seed: 1, writers: 4, rounds: 12 })
  }).timeout(60_000)
}

describe('journeys through Banyan, embedded', () => describeMixtures(embeddedForms))
describeWith({ php, ruby, mariadb }, 'journeys through Banyan, native', () =>
  describeMixtures({ database: 'mariadb', php: 'native', ruby: 'native', missing: [] }),
)

import { embeddedForms, type Forms } from './lab/forms.ts'
import { describeWith } from './lab/left-out.ts'
import { scaled } from './lab/long-share.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { walkMixed, withMixing } from './mixing.ts'

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

/** @param walkers how many mixtures walk at once */
const describeManyMixtures = (forms: Forms, mixtures: number, walkers: number): void => {
  const mixing = withMixing(forms)

  it(`look like legacy in ${mixtures} mixtures, ${walkers} at a time`, async () => {
    const expected = await mixing.expected()
    let next = 1
    const walk = async (): Promise<void> => {
      for (let seed = next++; seed <= mixtures; seed = next++) {
        await walkMixed(mixing.banyan(), seed, expected)
      }
    }
    await Promise.all(Array.from({ length: walkers }, walk))
  }).timeout(3_600_000)
}

describe('journeys through Banyan, embedded', () =>
  describeManyMixtures(embeddedForms, scaled(50), 1))
describeWith({ php, ruby, mariadb }, 'journeys through Banyan, native', () =>
  describeManyMixtures(
    { database: 'mariadb', php: 'native', ruby: 'native', missing: [] },
    scaled(1000),
    4,
  ),
)

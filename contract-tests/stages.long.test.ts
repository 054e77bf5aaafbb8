import { seedsToDraw } from './drawn-stages.ts'
import { embeddedForms, type Forms } from './lab/forms.ts'
import { describeWith } from './lab/left-out.ts'
import { scaled } from './lab/long-share.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { describeDrawn, withStaging } from './staging.ts'

const describeManyDrawn = (forms: Forms, count: number): void => {
  const staging = withStaging(forms)
  for (const seed of seedsToDraw(count)) describeDrawn(staging, seed)
}

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

describe('many mixtures of stages, embedded', () => describeManyDrawn(embeddedForms, scaled(20)))
describeWith({ php, ruby, mariadb }, 'many mixtures of stages, native', () =>
  describeManyDrawn(
    { database: 'mariadb', php: 'native', ruby: 'native', missing: [] },
    scaled(100),
  ),
)

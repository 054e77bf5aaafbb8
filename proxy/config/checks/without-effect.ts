/** Keys that are understood and change nothing yet: whoever writes one is told so. */
import { fault } from '../diagnostics.ts'
import type { Draft } from '../draft.ts'
import type { Path, YamlFile } from '../yaml.ts'
import type { Check } from './check.ts'
import { reach } from './reach.ts'

interface Row {
  /** As docs/reference/config.md writes it; what a route may say, `defaults` may say too. */
  readonly key: string
  /** Which values change nothing; absent: all of them. */
  readonly when?: (value: unknown) => boolean
  readonly says: string
}

// biome-ignore format: a table reads best as a table
export const withoutEffect: readonly Row[] = [
  { key: 'rollouts',               says: 'rollouts have no effect yet: nothing is promoted by itself' },
  { key: 'routes.ID.rollout',      says: 'rollout has no effect yet: the route stays at legacy' },
]

interface Written {
  readonly yaml: YamlFile
  readonly path: Path
}

/** Where the config says it in so many words; of what could not be read nothing more is said. */
const writtenOf = ({ files }: Draft, { key, when = () => true }: Row): readonly Written[] => {
  const forms = [key.replace('routes.ID', 'defaults'), key]
  return files.flatMap(({ yaml, findings }) => {
    const isBroken = (path: Path): boolean =>
      findings.some((one) => one.path.every((step, i) => step === path[i]))
    return [...new Set(forms)]
      .flatMap((form) => reach(yaml.value, form.split('.')))
      .filter(([path, value]) => when(value) && !isBroken(path))
      .map(([path]) => ({ yaml, path }))
  })
}

const hint = 'take it out, or leave it for a version that reads it'

/** Each key once, at its first place: a thousand routes may say the same. */
export const withoutEffectCheck: Check = (draft) =>
  withoutEffect.flatMap((row) => {
    const places = writtenOf(draft, row)
    const [first] = places
    if (first === undefined) return []
    const more = places.length === 1 ? '' : ` (said in ${places.length} places)`
    const place = first.yaml.placeOf(first.path, 'key')
    return [{ fault: fault('withoutEffect', `${row.says}${more}`, hint), place }]
  })

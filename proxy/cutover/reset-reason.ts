/** Why a route's evidence starts from zero. Pure. */

/** What an epoch is about; anything that can be written as JSON. */
export interface EpochAbout {
  readonly build: unknown
  readonly rules: unknown
  readonly legacy: unknown
  readonly modern: unknown
}

// biome-ignore format: a table reads best as a table
const words: Readonly<Record<keyof EpochAbout, string>> = {
  build:  'the build of the handlers',
  rules:  'the rules of the comparison',
  legacy: 'the legacy upstream',
  modern: 'the modern target',
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** `evidence starts anew: the rules of the comparison changed`; null: nothing did. */
export const resetReason = (before: EpochAbout, after: EpochAbout): string | null => {
  const changed = (Object.keys(words) as (keyof EpochAbout)[]).filter(
    (part) => JSON.stringify(before[part] ?? null) !== JSON.stringify(after[part] ?? null),
  )
  if (changed.length === 0) return null
  return `evidence starts anew: ${listed(changed.map((part) => words[part]))} changed`
}

/** Where a request that was chosen for A/A tells modern from legacy's own noise. Pure. */
import type { DiscordantPlace } from '../shadow/finding.ts'
import type { Comparison } from './compare.ts'
import type { Difference } from './difference.ts'
import { namedPattern } from './place.ts'

/** By name, not by pattern: siblings that are data would otherwise speak for each other. */
const placesOf = (differences: readonly Difference[]): ReadonlyMap<string, Difference> =>
  new Map(differences.map((each) => [`${each.kind} ${namedPattern(each)}`, each]))

const alone = (
  side: DiscordantPlace['side'],
  here: ReadonlyMap<string, Difference>,
  there: ReadonlyMap<string, Difference>,
): DiscordantPlace[] => {
  const found = [...here].filter(([key]) => !there.has(key))
  const places = found.map(([, { pattern, kind }]) => ({ pattern, kind, side }))
  return [...new Map(places.map((each) => [`${each.kind} ${each.pattern}`, each])).values()]
}

/** Places at which exactly one of modern and legacy's repeat differs from legacy's first answer. */
export const discordantIn = (
  comparison: Comparison,
  legacies: Comparison,
): readonly DiscordantPlace[] => {
  const modern = placesOf([...comparison.differences, ...comparison.noise])
  const legacy = placesOf(legacies.differences)
  return [...alone('modern', modern, legacy), ...alone('legacy', legacy, modern)]
}

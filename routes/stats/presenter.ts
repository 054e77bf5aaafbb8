import { type LegacyMap, legacyMap } from '../legacy-map.ts'

/** Numbers as the legacy's database driver gives them: strings. */
export interface StatsJson {
  readonly articles: string
  readonly comments: string
  /** Goes past 2^53. */
  readonly views: string
  /** Four decimals, a half rounded up. */
  readonly averageFavorites: string
  /** Tag → how many articles have it. */
  readonly tags?: LegacyMap<string>
}

export interface Totals {
  readonly articles: number
  readonly comments: number
  readonly favorites: number
  /** Decimal digits. */
  readonly views: string
  /** By name; null: nobody asked. */
  readonly tags: readonly (readonly [name: string, articles: number])[] | null
}

/** Exact: a double would round 1.00005 down. Nothing divided by nothing is 0.0000. */
const average = (sum: number, count: number): string => {
  if (count === 0) return '0.0000'
  const [dividend, divisor] = [BigInt(sum) * 20_000n, BigInt(count) * 2n]
  const digits = ((dividend + BigInt(count)) / divisor).toString().padStart(5, '0')
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`
}

export const presentStats = ({
  articles,
  comments,
  favorites,
  views,
  tags,
}: Totals): StatsJson => ({
  articles: String(articles),
  comments: String(comments),
  views,
  averageFavorites: average(favorites, articles),
  ...(tags === null ? {} : { tags: legacyMap(tags.map(([name, count]) => [name, String(count)])) }),
})

/** What `banyan check` shows of the ways round a route table. */
import type { Bypass } from '../routing/bypasses.ts'
import { createPaint, table } from './text.ts'

const shownRoutes = 20

interface Row {
  readonly route: string
  readonly bypasses: readonly Bypass[]
}

const rowsOf = (bypasses: readonly Bypass[]): readonly Row[] => {
  const byRoute = new Map<string, Bypass[]>()
  for (const bypass of bypasses) {
    const known = byRoute.get(bypass.route)
    if (known === undefined) byRoute.set(bypass.route, [bypass])
    else known.push(bypass)
  }
  return [...byRoute].map(([route, all]) => ({ route, bypasses: all }))
}

const unique = (words: readonly string[]): string => [...new Set(words)].join(', ')

/** The spellings come in kinds: far from each other they differ most. */
const samples = (bypasses: readonly Bypass[]): string =>
  unique([0, 0.7, 1].map((at) => bypasses[Math.floor(at * (bypasses.length - 1))]?.spelling ?? ''))

/** One line for each route; nothing where there is none. */
export const bypassesView = (bypasses: readonly Bypass[], color: boolean): string => {
  if (bypasses.length === 0) return ''
  const rows = rowsOf(bypasses)
  const lines = table<Row>(
    [
      { title: 'ROUTE', read: ({ route }) => route },
      { title: 'WAYS', read: (row) => String(row.bypasses.length), align: 'right' },
      { title: 'READ BY', read: (row) => unique(row.bypasses.map(({ profile }) => profile)) },
      { title: 'TAKEN BY', read: (row) => unique(row.bypasses.map(({ takenBy }) => takenBy)) },
      { title: 'SUCH AS', read: (row) => samples(row.bypasses) },
    ],
    rows.slice(0, shownRoutes),
    createPaint(color),
  )
  const more = rows.length - shownRoutes
  return [
    'note: legacy may read these spellings as a route, while Banyan gives them to another;',
    '  onAmbiguousPath: strictest or reject closes them, docs/reference/routing.md explains\n',
    lines,
    ...(more > 0 ? [`… and ${more} more routes; --json has them all\n`] : []),
  ].join('\n')
}

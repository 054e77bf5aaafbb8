/** Why what shadows write cannot be told, as text. Pure. */
import type { RouteStatus } from '../admin/status.ts'
import { printable } from '../config/render-diagnostics.ts'
import { leftOutReasons } from '../shadow/writes/left-out.ts'
import type { RouteWrites } from '../shadow/writes/write-notes.ts'
import { type Column, type Paint, table } from './text.ts'

const samplesText = (samples: number): string =>
  samples === 1 ? 'the last sample' : `the last ${samples} samples`

/** `cage_unfit: shadow.database names no twin (the last 3 samples)` */
const problemText = ({ reason, detail, samples }: NonNullable<RouteWrites['problem']>): string =>
  printable(`${reason}: ${detail} (${samplesText(samples)})`)

const reasons: Readonly<Record<string, string>> = leftOutReasons

/** `no_binlog 12: it ran in a cage, and nobody read the binary log` */
const leftOutTexts = ({ leftOut }: RouteWrites): readonly string[] =>
  Object.entries(leftOut).map(([why, count]) => {
    const text = reasons[why]
    return printable(text === undefined ? `${why} ${count}` : `${why} ${count}: ${text}`)
  })

/** An answer that differs may be for want of it. */
export const outsideFacts = (writes: RouteWrites | null): readonly (readonly [string, string])[] =>
  (writes?.outside ?? []).map((what) => [
    'egress refused',
    printable(`${what}, while its handlers loaded or between requests`),
  ])

/** Of one route. */
export const writesFacts = (writes: RouteWrites | null): readonly (readonly [string, string])[] => {
  if (writes === null) return []
  return [
    ...(writes.problem === null ? [] : ([['writes', problemText(writes.problem)]] as const)),
    ...leftOutTexts(writes).map((text) => ['writes left out', text] as const),
    ...outsideFacts(writes),
  ]
}

interface Line {
  readonly route: string
  readonly why: string
}

const columns: readonly Column<Line>[] = [
  { title: 'WRITES UNTOLD', read: ({ route }) => route },
  { title: 'BECAUSE', read: ({ why }) => why, color: () => 'yellow' },
]

/** Of each route whose last shadows have told nothing for this; nothing where there is none. */
export const writesView = (routes: readonly RouteStatus[], paint: Paint): string => {
  const lines = routes.flatMap(({ id, untold }): Line[] =>
    untold?.problem == null ? [] : [{ route: id, why: problemText(untold.problem) }],
  )
  return lines.length === 0 ? '' : `\n${table(columns, lines, paint)}`
}

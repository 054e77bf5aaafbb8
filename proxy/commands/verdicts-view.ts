/** What gates say of routes, as text. Pure. */
import type { RouteStatus } from '../admin/status.ts'
import type { NamedVerdict, RouteVerdicts } from '../cutover/route-verdicts.ts'
import type { Verdict } from '../cutover/verdict.ts'
import { type Color, type Column, type Paint, table } from './text.ts'

const colors: Readonly<Record<Verdict, Color | null>> = {
  collecting: null,
  no_data: 'yellow',
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
  error: 'red',
}

interface Line extends NamedVerdict {
  readonly route: string
}

const columns: readonly Column<Line>[] = [
  { title: 'SHADOWED', read: ({ route }) => route },
  { title: 'GATE', read: ({ name }) => name },
  { title: 'VERDICT', read: ({ verdict }) => verdict, color: ({ verdict }) => colors[verdict] },
  { title: 'BECAUSE', read: ({ sentence }) => sentence },
]

/** Of each shadowed route what its parity gate says; nothing where none is shadowed. */
export const verdictsView = (routes: readonly RouteStatus[], paint: Paint): string => {
  const lines = routes.flatMap(({ id, evidence }): Line[] => {
    const parity = evidence?.gates.find(({ name }) => name === 'parity')
    return parity === undefined ? [] : [{ ...parity, route: id }]
  })
  return lines.length === 0 ? '' : `\n${table(columns, lines, paint)}`
}

const byCount = ([, a]: readonly [string, number], [, b]: readonly [string, number]): number =>
  b - a

/** `identical 30, mismatch 2 (2 confirmed)` */
export const outcomesText = ({ outcomes, confirmed }: RouteVerdicts): string => {
  const parts = Object.entries(outcomes)
    .sort(byCount)
    .map(([name, count]) => {
      const again = name === 'mismatch' && confirmed > 0 ? ` (${confirmed} confirmed)` : ''
      return `${name} ${count}${again}`
    })
  return parts.length === 0 ? 'nothing yet' : parts.join(', ')
}

/** One route's evidence as facts: what it came to, since when, and what every gate says. */
export const verdictFacts = (evidence: RouteVerdicts): readonly (readonly [string, string])[] => {
  const { epoch, since, instances, resetReason, gates } = evidence
  const by = instances === 1 ? '' : `, by ${instances} processes`
  const anew = resetReason === null ? '' : `; ${resetReason}`
  return [
    ['compared', outcomesText(evidence)],
    ['since', `${since}, epoch ${epoch}${by}${anew}`],
    ...gates.map(({ name, verdict, sentence }) => [name, `${verdict}: ${sentence}`] as const),
  ]
}

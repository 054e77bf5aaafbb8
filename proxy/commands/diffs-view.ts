/** The places at which a route's answers differ, as a tree of fields. Pure. */
import { unescapeName } from '../compare/place.ts'
import type { RefusedExample, RouteDiffs, RoutePlace } from '../cutover/route-diffs.ts'
import type { RouteWrites } from '../shadow/writes/write-notes.ts'
import { cell, severityColors } from './differences-view.ts'
import { type Column, createPaint, facts, type Paint, table } from './text.ts'
import { verdictFacts } from './verdicts-view.ts'
import { outsideFacts } from './writes-view.ts'

/** A line of the tree: a name, and what was found there; null: something further down was. */
interface Leaf {
  readonly name: string
  readonly place: RoutePlace | null
}

/** `header:location/query/page` → `header location`, `query`, `page`; `writes:t/insert/c` → `writes t`, … */
const stepsOf = (pattern: string): readonly string[] => {
  if (pattern === 'status') return ['status']
  const [, part, rest = ''] = /^(header|trailer|writes):(.*)$/s.exec(pattern) ?? []
  const steps = (part === undefined ? pattern.slice(1) : rest).split('/')
  // An element's place is `*`; a name that is one is written `~2`.
  const names = steps.map((step) => (step === '*' ? '*' : unescapeName(step)))
  if (part !== undefined) return [`${part} ${names[0] ?? ''}`, ...names.slice(1)]
  return pattern === '' ? ['body'] : ['body', ...names]
}

const gap = '  '

const common = (a: readonly string[], b: readonly string[]): number => {
  let count = 0
  while (count < a.length && a[count] === b[count]) count++
  return count
}

/** Places under the same names stand under one line for each of these. */
const treeOf = (places: readonly RoutePlace[]): readonly Leaf[] => {
  const sorted = places
    .map((place) => ({ place, steps: stepsOf(place.pattern) }))
    .toSorted((a, b) => (a.place.pattern < b.place.pattern ? -1 : 1))
  let open: readonly string[] = []
  return sorted.flatMap(({ place, steps }) => {
    const known = Math.min(common(open, steps), steps.length - 1)
    open = steps
    return steps.slice(known).map((name, at): Leaf => {
      const depth = known + at
      const isLast = depth === steps.length - 1
      return { name: `${gap.repeat(depth)}${name}`, place: isLast ? place : null }
    })
  })
}

const stateOf = ({ as, rule, confirmed, modernAlone, legacyAlone }: RoutePlace): string => {
  if (as === 'excused') return `excused by ${rule?.id ?? 'a rule'}`
  if (as === 'difference') return confirmed ? 'confirmed' : 'differs'
  if (modernAlone + legacyAlone === 0) return 'noise'
  return `noise, alone: modern ${modernAlone}, legacy ${legacyAlone}`
}

const from =
  (read: (place: RoutePlace) => string) =>
  ({ place }: Leaf): string =>
    place === null ? '' : read(place)

const exampleWidth = 26

const columns: readonly Column<Leaf>[] = [
  { title: 'FIELD', read: ({ name }) => name },
  { title: 'COUNT', read: from(({ count }) => String(count)), align: 'right' },
  { title: 'KIND', read: from(({ kind }) => kind) },
  {
    title: 'SEVERITY',
    read: from(({ severity }) => severity),
    color: ({ place }) => (place?.as === 'difference' ? severityColors[place.severity] : 'dim'),
  },
  { title: 'STATE', read: from(stateOf) },
  { title: 'LEGACY', read: from(({ example }) => shownSide(example, 'legacy')) },
  { title: 'MODERN', read: from(({ example }) => shownSide(example, 'modern')) },
  { title: 'EXAMPLE', read: from(({ example }) => example?.id ?? '') },
]

const shownSide = (example: RoutePlace['example'], side: 'legacy' | 'modern'): string =>
  example === null ? '' : cell(example[side], exampleWidth)

interface NamedRule {
  readonly id: string
  readonly why: string | null
}

const rulesOf = (places: readonly RoutePlace[]): readonly NamedRule[] => {
  const all = places.flatMap(({ rule }) => (rule === null ? [] : [[rule.id, rule] as const]))
  return [...new Map(all).values()]
}

const ruleColumns: readonly Column<NamedRule>[] = [
  { title: 'RULE', read: ({ id }) => id },
  { title: 'WHY', read: ({ why }) => why ?? '' },
]

const lintLines = ({ lint }: RouteDiffs): string =>
  lint.length === 0
    ? ''
    : `\n${table(
        [
          { title: 'RULE TO LOOK AT', read: ({ rule }) => rule },
          { title: 'FINDING', read: ({ finding }) => finding },
          { title: 'PLACES', read: ({ about }) => cell(about.join(' '), 60) },
        ],
        lint,
        createPaint(false),
      )}`

const refusedColumns: readonly Column<RefusedExample>[] = [
  { title: 'REFUSED', read: ({ what }) => what, color: () => 'yellow' },
  { title: 'REQUEST', read: ({ requests }) => cell(requests[0] ?? null, 60) },
  { title: 'EXAMPLE', read: ({ id }) => id },
]

/**
 * @param top so many places at most, the gravest first
 * @param writes what is known of its writes; null: nothing
 */
export const diffsView = (
  diffs: RouteDiffs,
  top: number,
  paint: Paint,
  writes: RouteWrites | null = null,
): string => {
  const places = diffs.places.slice(0, top)
  const rest = diffs.places.length - places.length
  const rules = rulesOf(places)
  return [
    `${paint('bold', diffs.route)}\n${facts([...verdictFacts(diffs), ...outsideFacts(writes)], paint)}`,
    places.length === 0 ? '' : `\n${table(columns, treeOf(places), paint)}`,
    rest === 0 ? '' : `… and ${rest} more: --top ${diffs.places.length}\n`,
    rules.length === 0 ? '' : `\n${table(ruleColumns, rules, paint)}`,
    lintLines(diffs),
    diffs.egress.length === 0 ? '' : `\n${table(refusedColumns, diffs.egress, paint)}`,
  ].join('')
}

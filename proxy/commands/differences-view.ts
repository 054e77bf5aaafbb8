/** The differences of one comparison as text. Pure. */
import type { Comparison } from '../compare/compare.ts'
import type { Difference, Excused, Severity } from '../compare/difference.ts'
import { inconclusiveReasons } from '../compare/outcome.ts'
import type { Target } from '../stage.ts'
import { type Color, type Column, type Paint, table } from './text.ts'

/** Why each rule overlooks what it does, by its id. */
export type Whys = Readonly<Record<string, string | null>>

export const severityColors: Readonly<Record<Severity, Color | null>> = {
  breaking: 'red',
  major: 'yellow',
  minor: null,
  info: 'dim',
}

const widest = 40

/** A value as a cell: what is longer ends in `…`. */
export const cell = (value: string | null, most: number = widest): string => {
  if (value === null) return '-'
  return value.length <= most ? value : `${value.slice(0, most - 1)}…`
}

const whole = 'the whole body'

const columns = (titles: Readonly<Record<Target, string>>): readonly Column<Difference>[] => [
  { title: 'PLACE', read: ({ path }) => (path === '' ? whole : cell(path, 60)) },
  { title: 'KIND', read: ({ kind }) => kind },
  {
    title: 'SEVERITY',
    read: ({ severity }) => severity,
    color: ({ severity }) => severityColors[severity],
  },
  { title: titles.legacy, read: ({ legacy }) => cell(legacy) },
  { title: titles.modern, read: ({ modern }) => cell(modern) },
]

const because = (found: Difference | Excused, whys: Whys): string => {
  if (!('rule' in found)) return ''
  const why = whys[found.rule] ?? null
  return why === null ? found.rule : `${found.rule}: ${why}`
}

export interface DifferencesInput {
  readonly comparison: Comparison
  readonly whys: Whys
  readonly titles: Readonly<Record<Target, string>>
}

/** Differences, then what rules overlook and which, then noise; nothing where there is none. */
export const differencesView = (
  { comparison, whys, titles }: DifferencesInput,
  paint: Paint,
): string => {
  const { differences, excused, noise, omitted, reason } = comparison
  const plain = columns(titles)
  const withRule: Column<Difference>[] = [
    ...plain.filter(({ title }) => title !== 'SEVERITY'),
    { title: 'OVERLOOKED BY', read: (found) => because(found, whys) },
  ]
  const asNoise: Column<Difference>[] = [
    ...plain.filter(({ title }) => title !== 'SEVERITY'),
    { title: 'NOISE', read: () => 'legacy differs from itself here' },
  ]
  const blocks = [
    ...(reason === null ? [] : [`nothing can be told: ${inconclusiveReasons[reason]}\n`]),
    ...(differences.length === 0 ? [] : [table(plain, differences, paint)]),
    ...(excused.length === 0 ? [] : [table(withRule, excused, paint)]),
    ...(noise.length === 0 ? [] : [table(asNoise, noise, paint)]),
    ...(omitted === 0 ? [] : [`… and ${omitted} more that are not listed\n`]),
  ]
  return blocks.join('\n')
}

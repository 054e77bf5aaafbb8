/** A recorded exchange in the form in which compared ones are kept, for a test of it. Pure. */
import { type Comparison, compare } from '../compare/compare.ts'
import { gravest } from '../compare/difference.ts'
import type { Exemplar } from '../shadow/finding.ts'
import type { Observation } from '../targets/send.ts'
import type { Recorded, RecordedComparison } from './recorded.ts'

export interface RecordedExemplar {
  readonly exemplar: Exemplar
  /** Patterns of the places that legacy's answer is not known to be right at. */
  readonly leftOut: readonly string[]
}

type Found = Pick<RecordedComparison, 'places' | 'redacted'>

const patternsOf = ({ places = [] }: Found, isDifference: boolean): ReadonlySet<string> =>
  new Set(
    places.filter(({ as }) => (as === 'difference') === isDifference).map(({ pattern }) => pattern),
  )

/** What differed then; what no rule nor noise was told to overlook is none of it, either. */
const comparedThen = (
  found: Found,
  legacy: Observation,
  modern: Observation | null,
): Comparison | null => {
  if (found.places === undefined || modern === null) return null
  const comparison = compare(legacy, modern)
  const told = patternsOf(found, true)
  const differences = comparison.differences.filter(({ pattern }) => told.has(pattern))
  return {
    ...comparison,
    differences,
    noise: comparison.differences.filter(({ pattern }) => !told.has(pattern)),
    severity: gravest(differences),
  }
}

const leftOutThen = (found: Found): readonly string[] => {
  const told = patternsOf(found, true)
  return [...patternsOf(found, false)].filter((pattern) => !told.has(pattern))
}

/** @param compared what a replay made of it; null: the answers were alike, or nothing was compared */
export const exemplarOfRecorded = (
  recorded: Recorded,
  compared: Exemplar | null,
): RecordedExemplar => {
  const { id, route, at, request, answer, compared: told } = recorded
  const redacted = told?.redacted ?? []
  if (compared !== null) return { exemplar: compared, leftOut: redacted }
  const { method, url, headers, body } = request
  const shadow = told?.shadow ?? null
  const legacy = answer.from === 'legacy' || shadow === null ? answer : shadow
  const modern = answer.from === 'modern' ? answer : shadow
  const exemplar: Exemplar = {
    ...{ id, route, at, request: { method, url, headers, body }, legacy, modern },
    epoch: told?.epoch ?? '',
    outcome: told?.outcome ?? 'identical',
    reason: told?.reason ?? null,
    confirmed: told?.confirmed ?? false,
    comparison: comparedThen(told ?? {}, legacy, modern),
  }
  return { exemplar, leftOut: [...redacted, ...leftOutThen(told ?? {})] }
}

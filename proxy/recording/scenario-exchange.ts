/** A recorded exchange in the form in which compared ones are kept. Pure. */
import type { Exemplar } from '../shadow/finding.ts'
import type { Recorded } from './recorded.ts'

/** @param compared what a replay made of it; null: the answers were alike, or nothing was compared */
export const exemplarOfRecorded = (recorded: Recorded, compared: Exemplar | null): Exemplar => {
  if (compared !== null) return compared
  const { id, route, at, request, answer, compared: told } = recorded
  const { method, url, headers, body } = request
  const shadow = told?.shadow ?? null
  return {
    ...{ id, route, at, request: { method, url, headers, body }, comparison: null },
    epoch: told?.epoch ?? '',
    outcome: told?.outcome ?? 'identical',
    reason: told?.reason ?? null,
    confirmed: told?.confirmed ?? false,
    legacy: answer.from === 'legacy' || shadow === null ? answer : shadow,
    modern: answer.from === 'modern' ? answer : shadow,
  }
}

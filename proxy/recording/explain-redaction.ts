/** What of a replay's outcome only says that a recording is redacted. Pure. */
import type { Difference } from '../compare/difference.ts'
import type { Concluded } from '../shadow/run.ts'

export interface Redactions {
  /** Redacted parts of the request that nothing was supplied for: it was not what the client sent. */
  readonly ofRequest: readonly string[]
  /** Paths of answers whose values were redacted with another key than the recorded ones. */
  readonly ofAnswer: readonly string[]
}

const told = { outcome: 'inconclusive', reason: 'redacted' } as const

const isWithin = (path: string, places: readonly string[]): boolean =>
  places.some(
    (place) => path === place || path.startsWith(`${place}/`) || place.startsWith(`${path}/`),
  )

const withoutPlaces = (concluded: Concluded, gone: readonly Difference[]): Concluded => {
  const { tally, exemplar } = concluded
  const patterns = new Set(gone.map(({ pattern, kind }) => `${kind} ${pattern}`))
  const comparison = exemplar?.comparison ?? null
  return {
    ...concluded,
    tally: {
      ...tally,
      places: tally.places.filter(
        ({ as, kind, pattern }) => as !== 'difference' || !patterns.has(`${kind} ${pattern}`),
      ),
    },
    exemplar:
      exemplar === null || comparison === null
        ? exemplar
        : {
            ...exemplar,
            comparison: {
              ...comparison,
              differences: comparison.differences.filter((each) => !gone.includes(each)),
            },
          },
  }
}

const inconclusive = (concluded: Concluded): Concluded => ({
  ...concluded,
  tally: { ...concluded.tally, ...told, confirmed: false },
  exemplar: concluded.exemplar && { ...concluded.exemplar, ...told, confirmed: false },
})

/** A difference that comes of placeholders is no mismatch; all others stay. */
export const explainRedaction = (
  concluded: Concluded,
  { ofRequest, ofAnswer }: Redactions,
): Concluded => {
  if (concluded.tally.outcome !== 'mismatch') return concluded
  if (ofRequest.length > 0) return inconclusive(concluded)
  const differences = concluded.exemplar?.comparison?.differences ?? []
  const gone = differences.filter(({ path }) => isWithin(path, ofAnswer))
  if (gone.length === 0) return concluded
  const left = withoutPlaces(concluded, gone)
  return gone.length === differences.length ? inconclusive(left) : left
}

/** What became of the samples of one route, as the metrics tell it. Pure. */

/** By reason, cause or outcome, how often. */
export type Counts = Readonly<Record<string, number>>

export interface ShadowCounts {
  /** Outcomes of samples that were not shed. */
  readonly compared: Counts
  /** Why the others were. */
  readonly shed: Counts
  /** Samples that wait for their outcome. */
  readonly waiting: number
  /** Why the fallback answered clients in the place of modern. */
  readonly fallbacks: Counts
  /** Lanes that ended, by why. */
  readonly lanes: Counts
}

const labelsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  )

/** Samples of one metric: its labels and its value. */
const samplesOf = (metrics: string, name: string) =>
  [...metrics.matchAll(new RegExp(`^banyan_${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))].map(
    ([, labels = '', value]) => ({
      labels: labelsOf(labels),
      value: Number(value),
    }),
  )

/** Adds up what several tell. */
const sumCounts = (all: readonly Counts[]): Counts => {
  const sums = new Map<string, number>()
  for (const [key, count] of all.flatMap((each) => Object.entries(each))) {
    sums.set(key, (sums.get(key) ?? 0) + count)
  }
  return Object.fromEntries([...sums].filter(([, count]) => count > 0))
}

/** @param metrics in the text format of Prometheus */
export const shadowCountsOf = (metrics: string, route: string): ShadowCounts => {
  const countBy = (name: string, label: string, isOf: 'route' | 'process'): Counts =>
    sumCounts(
      samplesOf(metrics, name)
        .filter(({ labels: { route: of } }) => isOf === 'process' || of === route)
        .map(({ labels, value }) => ({ [labels[label] ?? '']: value })),
    )
  const { shed: _, ...compared } = countBy('comparisons_total', 'outcome', 'route')
  return {
    compared,
    shed: countBy('shadow_drops_total', 'reason', 'route'),
    waiting: samplesOf(metrics, 'shadow_queue').reduce((sum, { value }) => sum + value, 0),
    fallbacks: countBy('fallbacks_total', 'cause', 'route'),
    lanes: countBy('lane_restarts_total', 'cause', 'process'),
  }
}

/** `shadow_timeout 12, shadow_error 1`. */
export const saidOf = (counts: Counts): string =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ') || 'none'

export const totalOf = (counts: Counts): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

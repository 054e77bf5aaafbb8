/** How long requests took in the last minute, in a fixed few hundred bytes. For boards, not bills. */

export interface LatencySummary {
  readonly count: number
  /** Milliseconds, to the nearest fifth; null when nothing was seen. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

export interface LatencyWindow {
  record(ms: number, nowMs: number): void
  read(nowMs: number): LatencySummary
}

const slotMs = 10_000
const slotCount = 7
/** Buckets grow by a fifth, from a tenth of a millisecond to about two minutes. */
const growth = 1.2
const firstMs = 0.1
const bucketCount = 78
const logGrowth = Math.log(growth)

const bucketOf = (ms: number): number =>
  ms <= firstMs ? 0 : Math.min(bucketCount - 1, Math.ceil(Math.log(ms / firstMs) / logGrowth))

const boundOf = (bucket: number): number => Number((firstMs * growth ** bucket).toPrecision(3))

const quantile = (counts: Uint32Array, total: number, share: number): number | null => {
  if (total === 0) return null
  const rank = Math.ceil(total * share)
  let seen = 0
  const bucket = counts.findIndex((count) => {
    seen += count
    return seen >= rank
  })
  return boundOf(bucket)
}

/** Six full slots of ten seconds and the one that fills; a slot is cleared when its turn comes. */
export const createLatencyWindow = (): LatencyWindow => {
  const counts = new Uint32Array(slotCount * bucketCount)
  const slotOf = new Float64Array(slotCount).fill(-1)

  return {
    record(ms, nowMs) {
      const slot = Math.floor(nowMs / slotMs)
      const place = slot % slotCount
      const start = place * bucketCount
      if (slotOf[place] !== slot) {
        counts.fill(0, start, start + bucketCount)
        slotOf[place] = slot
      }
      const index = start + bucketOf(ms)
      counts[index] = (counts[index] ?? 0) + 1
    },
    read(nowMs) {
      const oldest = Math.floor(nowMs / slotMs) - slotCount
      const sums = new Uint32Array(bucketCount)
      let total = 0
      slotOf.forEach((slot, place) => {
        if (slot <= oldest) return
        for (let bucket = 0; bucket < bucketCount; bucket += 1) {
          const count = counts[place * bucketCount + bucket] ?? 0
          sums[bucket] = (sums[bucket] ?? 0) + count
          total += count
        }
      })
      return { count: total, p50Ms: quantile(sums, total, 0.5), p99Ms: quantile(sums, total, 0.99) }
    },
  }
}

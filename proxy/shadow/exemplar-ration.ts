/**
 * Which samples are shown as exemplars: few of each kin are kept, so that of thousands that differ alike
 * most need not be redacted, carried and stored.
 */
import type { Exemplar } from './finding.ts'

/**
 * What those have in common that differ alike: route, outcome, and all places where they differ, or what they tried to reach. A kin is
 * less than that: behind a place that always differs another one must not be hidden.
 *
 * @param isOpen whether a mismatch may come to something else yet
 */
export const likenessOf = (exemplar: Exemplar, isOpen: boolean): string => {
  const { route, outcome, reason, confirmed, comparison, egress = [] } = exemplar
  const places = new Set(comparison?.differences.map(({ pattern }) => pattern))
  for (const { what } of egress) places.add(what)
  return JSON.stringify([route, outcome, reason, confirmed, isOpen, ...[...places].sort()])
}

/** Whether one more that is like this is shown. */
export type ExemplarRation = (likeness: string) => boolean

interface Ration {
  left: number
  atMs: number
}

/** More than anybody keeps of those. */
const atOnce = 20
const perSecond = 4

/** What is forgotten begins anew. */
const mostKnown = 512

/** @param now monotonic milliseconds */
export const createExemplarRation = (now: () => number): ExemplarRation => {
  const rations = new Map<string, Ration>()
  const rationOf = (likeness: string): Ration => {
    const known = rations.get(likeness)
    if (known !== undefined) return known
    for (const oldest of rations.keys()) {
      if (rations.size < mostKnown) break
      rations.delete(oldest)
    }
    const made = { left: atOnce, atMs: now() }
    rations.set(likeness, made)
    return made
  }
  return (likeness) => {
    const ration = rationOf(likeness)
    const atMs = now()
    const earned = ((atMs - ration.atMs) * perSecond) / 1_000
    ration.left = Math.min(atOnce, ration.left + earned)
    ration.atMs = atMs
    if (ration.left < 1) return false
    ration.left -= 1
    return true
  }
}

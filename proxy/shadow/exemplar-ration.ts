/**
 * Which samples are shown as exemplars: few of each kin are kept, so that of thousands that tell people
 * the same most need not be redacted, carried and stored.
 */

/** Whether one more of this kin is shown. */
export type ExemplarRation = (kin: string) => boolean

interface Ration {
  left: number
  atMs: number
}

/** More than anybody keeps of one kin. */
const atOnce = 20
const perSecond = 4

/** A kin that is forgotten begins anew. */
const mostKins = 512

/** @param now monotonic milliseconds */
export const createExemplarRation = (now: () => number): ExemplarRation => {
  const kins = new Map<string, Ration>()
  const rationOf = (kin: string): Ration => {
    const known = kins.get(kin)
    if (known !== undefined) return known
    for (const oldest of kins.keys()) {
      if (kins.size < mostKins) break
      kins.delete(oldest)
    }
    const made = { left: atOnce, atMs: now() }
    kins.set(kin, made)
    return made
  }
  return (kin) => {
    const ration = rationOf(kin)
    const atMs = now()
    const earned = ((atMs - ration.atMs) * perSecond) / 1_000
    ration.left = Math.min(atOnce, ration.left + earned)
    ration.atMs = atMs
    if (ration.left < 1) return false
    ration.left -= 1
    return true
  }
}

/** What a request has asked in its cage, kept to be asked once more. */
import type { Overlay } from './overlay.ts'
import type { CagedRead } from './report.ts'

const mostReads = 100
const mostText = 65_536
/** They pass through the thread that serves clients, once for each state in which they were. */
const mostStates = 5_000

const sizeOf = (overlay: Overlay): number =>
  [...overlay.values()].reduce((sum, { rows }) => sum + rows.size, 0)

export interface CagedReads {
  /** @param overlay what had been written by then */
  keep(sql: string, overlay: Overlay): void
  /** Something was asked that cannot be asked again. */
  lose(): void
  /** In their order; null: not all of them are kept. */
  all(): readonly CagedRead[] | null
}

export const createCagedReads = (): CagedReads => {
  const kept: CagedRead[] = []
  let isWhole = true
  let length = 0
  let states = 0
  return {
    keep(sql, overlay) {
      length += sql.length
      if (kept.at(-1)?.overlay !== overlay) states += sizeOf(overlay)
      isWhole &&= kept.length < mostReads && length <= mostText && states <= mostStates
      if (isWhole) kept.push({ sql, overlay })
    },
    lose() {
      isWhole = false
    },
    all: () => (isWhole ? kept : null),
  }
}

/** What a server says of its tables, kept for a while: to ask takes longer than most requests do. */
import { moment } from './moment.ts'
import type { TableFacts } from './table-facts.ts'

/** By table, as its name was written. */
export type KnownFacts = Map<string, TableFacts>

/** Tables may change; nobody believes what was said of them for longer than this. */
const usualKeepMs = 30_000

export const createKnownFacts = (keepMs: number = usualKeepMs): (() => KnownFacts) => {
  let known: KnownFacts = new Map()
  let since = moment()
  return () => {
    if (moment() - since > keepMs) {
      known = new Map()
      since = moment()
    }
    return known
  }
}

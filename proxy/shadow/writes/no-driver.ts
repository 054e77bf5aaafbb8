/**
 * A lane whose handlers find their own database, or only read a SQLite file: nothing is known of what
 * they do there.
 */
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import type { Prepared, WritesReport, WritesTerms } from './report.ts'

export const createNoDriver = (isWriting: boolean): LaneDriver => {
  let kind: WritesTerms['kind'] = 'read'
  return {
    database: {},
    async prepare(terms): Promise<Prepared> {
      kind = (terms as WritesTerms).kind
      const detail = 'handlers.database does not say which database the handlers have'
      const problem = !isWriting ? null : ({ reason: 'snapshot_lost', detail } as const)
      return { stoodAt: 0, problem }
    },
    async end(): Promise<WritesReport> {
      return { kind, problem: null, rows: null, differences: [] }
    },
  }
}

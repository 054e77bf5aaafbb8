/**
 * A lane whose handlers find their own database, or only read a SQLite file: nothing is known of what
 * they do there, only where else they reach out.
 */
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import type { Egress } from './egress.ts'
import type { Prepared, WritesReport, WritesTerms } from './report.ts'

export const createNoDriver = (egress: Egress, isWriting: boolean): LaneDriver => {
  let kind: WritesTerms['kind'] = 'read'
  return {
    database: {},
    async prepare(terms): Promise<Prepared> {
      egress.take()
      kind = (terms as WritesTerms).kind
      const detail = 'handlers.database does not say which database the handlers have'
      const problem = !isWriting ? null : ({ reason: 'snapshot_lost', detail } as const)
      return { stoodAt: 0, problem }
    },
    async end(): Promise<WritesReport> {
      const [first] = egress.take()
      const problem = first === undefined ? null : ({ reason: 'egress', detail: first } as const)
      return { kind, problem, rows: null, differences: [] }
    },
  }
}

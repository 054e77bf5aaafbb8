/**
 * Puts what handlers tried to reach beside what they did to their database. What is tried within a
 * request makes that one untold. What is tried outside of any (while the handlers loaded, between two
 * requests) is no request's doing, and for all anybody knows changes no answer: it is only named, for as
 * long as the lane lives, so that whoever wonders at an answer finds it.
 */
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import type { Egress, Refused } from './egress.ts'
import type { WritesReport } from './report.ts'

const most = 20

const untoldBy = ({ kind, rows }: WritesReport, egress: readonly Refused[]): WritesReport => {
  const problem = { reason: 'egress', detail: egress[0]?.what ?? '' } as const
  return { kind, rows, problem, differences: [], egress }
}

export const withEgress = (driver: LaneDriver, { take }: Pick<Egress, 'take'>): LaneDriver => {
  const outside = new Set<string>()
  const noteOutside = (): void => {
    for (const { what } of take()) if (outside.size < most) outside.add(what)
  }
  return {
    database: driver.database,
    prepare: driver.prepare,
    begin: noteOutside,
    async end(isServed = true): Promise<WritesReport> {
      if (!isServed) noteOutside()
      const egress = take()
      const report = (await driver.end(isServed)) as WritesReport
      const told = egress.length === 0 ? report : untoldBy(report, egress)
      return outside.size === 0 ? told : { ...told, outside: [...outside] }
    },
    refusals() {
      noteOutside()
      return outside.size === 0 ? null : `A shadow was refused ${[...outside].join(', ')}.`
    },
  }
}

/** What of writes lives as long as the process. */
import type { Log } from '../../telemetry/log.ts'
import { createOtherWrites, type OtherWrites } from './other-writes.ts'
import { createTellOutside, createTellProblem } from './tell-problem.ts'
import { createWriteNotes, type WriteNotes } from './write-notes.ts'

export interface WriteParts {
  /** Why nothing, or only the answer, can be told of shadows. */
  readonly writeNotes: WriteNotes
  /** Which requests that may write are under way. */
  readonly otherWrites: OtherWrites
}

/** @param isOnlyProcess whether all requests come through this one */
export const createWriteParts = (log: Pick<Log, 'warn'>, isOnlyProcess: boolean): WriteParts => ({
  writeNotes: createWriteNotes(createTellProblem(log), createTellOutside(log)),
  otherWrites: createOtherWrites(isOnlyProcess),
})

/** From what was recorded to what is told of it. */
import type { MysqlLink } from './mysql-link.ts'
import type { MysqlSession } from './mysql-session.ts'
import type { Overlay } from './overlay.ts'
import type { WriteDifference, WritesProblem, WritesReport, WritesTerms } from './report.ts'
import { readThatWrote, verifyWrites } from './verify-writes.ts'

export interface Recorded {
  readonly session: MysqlSession
  readonly link: MysqlLink
}

type Found = Pick<WritesReport, 'problem' | 'differences'>

/** By its code: the server's own words may quote a value. */
const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : String(error)

const verified = async ({ ask }: MysqlLink, overlay: Overlay): Promise<Found> => {
  try {
    return { problem: null, differences: await verifyWrites(ask, overlay) }
  } catch (error) {
    const detail = `what legacy wrote cannot be read: ${nameOf(error)}`
    return { problem: { reason: 'snapshot_lost', detail }, differences: [] }
  }
}

const rowsOf = (overlay: Overlay): number =>
  [...overlay.values()].reduce((sum, { rows }) => sum + rows.size, 0)

const none: readonly WriteDifference[] = []

/** To be asked once the snapshot has ended: the connection sees what legacy has written. Never rejects. */
export const createReport = async (
  kind: WritesTerms['kind'],
  problem: WritesProblem | null,
  recorded: Recorded | null,
): Promise<WritesReport> => {
  const overlay = recorded?.session.overlay() ?? null
  if (recorded === null || overlay === null) return { kind, problem, rows: null, differences: none }
  const rows = rowsOf(overlay)
  if (problem !== null || rows === 0) return { kind, problem, rows, differences: none }
  if (kind === 'read') return { kind, problem, rows, differences: readThatWrote(overlay) }
  return { kind, rows, ...(await verified(recorded.link, overlay)) }
}

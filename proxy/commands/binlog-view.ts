/** How the reader of legacy's binary log is, as text. Pure. */
import { printable } from '../config/render-diagnostics.ts'
import type { BinlogStatus } from '../shadow/writes/binlog/binlog-status.ts'
import type { Paint } from './text.ts'

type Says = (status: BinlogStatus, span: string) => string

const placeOf = ({ position }: BinlogStatus): string =>
  position === null ? '' : ` at ${position.file}:${position.offset}`

const says: Readonly<Record<BinlogStatus['state'], Says>> = {
  starting: (_, span) => `not read yet, for ${span}`,
  catchingUp: (status, span) => `catching up${placeOf(status)}, for ${span}`,
  following: (status, span) => `followed${placeOf(status)}, for ${span}`,
  failed: ({ why }, span) =>
    `not read for ${span}: ${why}; captured writes are judged by what the database holds`,
}

/** One line, or none where nobody wants it. @param spanOf milliseconds in words */
export const binlogLines = (
  status: BinlogStatus | null,
  nowMs: number,
  { paint, spanOf }: { readonly paint: Paint; readonly spanOf: (ms: number) => string },
): readonly string[] => {
  if (status === null) return []
  const { server, state, since } = status
  const span = spanOf(nowMs - Date.parse(since))
  const line = printable(`binary log of ${server}: ${says[state](status, span)}`)
  return [`${state === 'failed' ? paint('red', line) : line}\n`]
}

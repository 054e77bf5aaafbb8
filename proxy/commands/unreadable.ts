/** Why a body in a file could not be read as what it is said to be, in a sentence for whoever wrote it. */
import type { Comparison } from '../compare/compare.ts'
import { fieldsOf, joined } from '../compare/compare-headers.ts'
import { type DecodeLimits, decodeContent } from '../compare/decode.ts'
import { parseJson } from '../compare/json.ts'
import { announcedKind, parseMediaType } from '../compare/media-type.ts'
import type { Observation } from '../targets/send.ts'

/** Whether something was compared as less than what it is said to be. */
const isLess = ({ differences, reason }: Comparison): boolean =>
  reason === 'charset' ||
  differences.some(({ kind, path }) => kind === 'unreadable' || path.startsWith('/line['))

const jsonFault = ({ headers, body }: Observation, limits: DecodeLimits): string | null => {
  const fields = fieldsOf(headers)
  const type = parseMediaType(joined(fields, 'content-type') ?? '')
  if (announcedKind(type) !== 'json' || body.bytes === null) return null
  const decoded = decodeContent(body.bytes, joined(fields, 'content-encoding'), limits)
  const parsed = 'bytes' in decoded ? parseJson(decoded.bytes) : null
  if (parsed === null || !('fault' in parsed)) return null
  const { offset, expected } = parsed.fault
  return `is no JSON at byte ${offset + 1}: expected ${expected}`
}

export interface Named {
  readonly path: string
  readonly seen: Observation
}

/** A sentence for each that is not the JSON that it is said to be. */
export const unreadable = (
  comparison: Comparison,
  files: readonly Named[],
  limits: DecodeLimits,
): readonly string[] =>
  isLess(comparison)
    ? files.flatMap(({ path, seen }) => {
        const fault = jsonFault(seen, limits)
        return fault === null ? [] : [`${path} ${fault}`]
      })
    : []

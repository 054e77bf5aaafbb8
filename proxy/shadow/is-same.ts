/** Whether two answers are one and the same at a glance: all that is ever compared on the main thread. */
import { sameBytes } from '../compare/decode.ts'
import { isIgnoredHeader } from '../compare/header-kinds.ts'
import type { Observation, RawHeaders } from '../targets/send.ts'

/** Lines that count, and the coding that says what the bytes mean; order between names does not. */
const counting = (lines: RawHeaders): string => {
  const kept: [name: string, line: string][] = []
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = (lines[at] as string).toLowerCase()
    if (!isIgnoredHeader(name) || name === 'content-encoding') {
      kept.push([name, `${name}:${lines[at + 1]}`])
    }
  }
  // The sort is stable: of two cookies of one name the last one counts.
  return kept
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([, line]) => line)
    .join('\n')
}

const isWell = ({ status, failure, body }: Observation): boolean =>
  status !== null && failure === null && body.complete

const hasSameBody = (a: Observation['body'], b: Observation['body']): boolean =>
  a.bytes !== null && b.bytes !== null && sameBytes(a.bytes, b.bytes)

/** False says nothing: what differs in bytes may still mean the same. */
export const isSame = (a: Observation, b: Observation): boolean =>
  a.status === b.status &&
  isWell(a) &&
  isWell(b) &&
  hasSameBody(a.body, b.body) &&
  counting(a.headers) === counting(b.headers) &&
  counting(a.trailers) === counting(b.trailers)

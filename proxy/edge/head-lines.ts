/** The header lines that the edge itself reads, gathered in one pass over the raw head. */
import type { RawHeaders } from '../targets/send.ts'

const read = {
  host: 'host',
  expect: 'expect',
  'x-banyan-via': 'via',
  'content-length': 'length',
  'transfer-encoding': 'coding',
  'x-request-id': 'requestId',
  'x-forwarded-for': 'forwardedFor',
  'x-forwarded-proto': 'forwardedScheme',
  'x-forwarded-host': 'forwardedHost',
} as const

type Line = (typeof read)[keyof typeof read]

/** Every value of each line, in order; absent where the head has no such line. */
export type HeadLines = Readonly<Partial<Record<Line, readonly string[]>>>

const lineOf: ReadonlyMap<string, Line> = new Map(Object.entries(read))
const longest = 17

export const readHeadLines = (headers: RawHeaders): HeadLines => {
  const lines: Partial<Record<Line, string[]>> = {}
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] as string
    if (name.length > longest) continue
    const line = lineOf.get(name.toLowerCase())
    if (line === undefined) continue
    const value = headers[at + 1] as string
    const known = lines[line]
    if (known === undefined) lines[line] = [value]
    else known.push(value)
  }
  return lines
}

/** The members of a header that is a list, over all its lines: RFC 9110 §5.6.1. */
export const listMembers = (values: readonly string[] | undefined): string[] =>
  values === undefined
    ? []
    : values
        .join(',')
        .split(',')
        .map((member) => member.trim())
        .filter((member) => member !== '')

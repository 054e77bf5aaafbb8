/** Heads written by hand, to a client whose socket Node's server has given away. Pure. */
import { Buffer } from 'node:buffer'
import type { RawHeaders } from './send.ts'

/** A head as bytes. The connection ends with the answer, and so does a body without length. */
export const closingHead = (status: number, reason: string, lines: RawHeaders): Buffer => {
  let text = `HTTP/1.1 ${status} ${reason}\r\n`
  for (let at = 0; at + 1 < lines.length; at += 2) text += `${lines[at]}: ${lines[at + 1]}\r\n`
  return Buffer.from(`${text}Connection: close\r\n\r\n`, 'latin1')
}

/** Header lines as Node writes them: in the order, and with the case, of each name's first line. */
export const groupLines = (lines: RawHeaders): Map<string, string[]> => {
  const names = new Map<string, string>()
  const groups = new Map<string, string[]>()
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at] as string
    const first = names.get(name.toLowerCase()) ?? name
    names.set(name.toLowerCase(), first)
    groups.set(first, [...(groups.get(first) ?? []), lines[at + 1] as string])
  }
  return groups
}

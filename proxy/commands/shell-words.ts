/** Bytes as words of a POSIX shell: nothing in them is ever run, or obeyed by a terminal. Pure. */
import { Buffer } from 'node:buffer'

/** A line end is: it neither ends a quotation nor commands a terminal. */
const isPlain = (byte: number): boolean => byte === 0x0a || (byte >= 0x20 && byte < 0x7f)

const octal = (bytes: readonly number[]): string =>
  bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')

const quoted = (bytes: readonly number[]): string =>
  `'${Buffer.from(bytes).toString('latin1').replaceAll("'", "'\\''")}'`

/** POSIX printf writes octal escapes; a command substitution drops nothing but line ends. */
const computed = (bytes: readonly number[]): string => `"$(printf '${octal(bytes)}')"`

/** Runs of bytes that are printable, and of those that are not. */
const runsOf = (bytes: Uint8Array): number[][] => {
  const runs: number[][] = []
  for (const byte of bytes) {
    const last = runs.at(-1)
    if (last !== undefined && isPlain(last[0] ?? 0) === isPlain(byte)) last.push(byte)
    else runs.push([byte])
  }
  return runs
}

/** One word of exactly these bytes, none of which may be NUL. */
export const shellWord = (bytes: Uint8Array): string => {
  if (bytes.length === 0) return "''"
  return runsOf(bytes)
    .map((run) => (isPlain(run[0] ?? 0) ? quoted(run) : computed(run)))
    .join('')
}

/** One argument of a program, as Linux limits it, with room for what quoting adds. */
const mostBytes = 16_384

/** Whether these bytes can be one word. */
export const isWord = (bytes: Uint8Array): boolean =>
  bytes.length <= mostBytes && !bytes.includes(0)

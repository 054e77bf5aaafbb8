/** Reads bytes from front to back. Every read throws RangeError where there are too few. */
export interface ByteCursor {
  /** So many bytes, little-endian, unsigned; at most 6. */
  number(bytes: number): number
  /** So many bytes, big-endian, unsigned; at most 6. */
  numberBE(bytes: number): number
  bytes(count: number): Buffer
  /** A number as long as its first byte says. */
  lengthEncoded(): number
  /** How many were read. */
  at(): number
  isAtEnd(): boolean
}

export const createByteCursor = (buffer: Buffer): ByteCursor => {
  let at = 0
  const take = (count: number): number => {
    if (at + count > buffer.length) throw new RangeError('it ends too early')
    at += count
    return at - count
  }
  const number = (count: number): number =>
    count === 0 ? 0 : buffer.readUIntLE(take(count), count)
  const wide = new Map([
    [252, 2],
    [253, 3],
    [254, 6],
  ])
  return {
    number,
    numberBE: (count) => (count === 0 ? 0 : buffer.readUIntBE(take(count), count)),
    bytes: (count) => buffer.subarray(take(count), at),
    lengthEncoded() {
      const first = number(1)
      const width = wide.get(first)
      if (width === undefined) return first
      const value = number(width)
      if (first === 254) take(2)
      return value
    },
    at: () => at,
    isAtEnd: () => at >= buffer.length,
  }
}

/** Whether a bit of a bitmap is set; the first is the lowest of the first byte. */
export const bit = (bitmap: Buffer, n: number): boolean =>
  (((bitmap[n >> 3] ?? 0) >> (n & 7)) & 1) === 1

export const bitmapBytes = (bits: number): number => (bits + 7) >> 3

/**
 * What the head of a brotli stream says of its length. Whoever unpacks one fills a window of up to
 * 16 MiB before anything comes out: 8 ms of a core for a bomb of 809 bytes, however little of it is
 * wanted.
 */

/** Bits from the lowest of the first byte on (RFC 7932 §1.5.1); zeros after the last byte. */
const bitsOf = (bytes: Uint8Array) => {
  let at = 0
  return (count: number): number => {
    let value = 0
    for (let bit = 0; bit < count; bit++, at++) {
      value += (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) * 2 ** bit
    }
    return value
  }
}

/** WBITS: one, four or seven bits (RFC 7932 §9.1). */
const skipWindow = (take: (count: number) => number): void => {
  if (take(1) === 1 && take(3) === 0) take(3)
}

/**
 * How many bytes the first meta-block says that it unpacks to (RFC 7932 §9.2, MLEN): the whole stream
 * unpacks to that or more, or is broken. 0: the first one holds no data.
 */
export const leastUnbrotlied = (bytes: Uint8Array): number => {
  const take = bitsOf(bytes)
  skipWindow(take)
  const isLast = take(1) === 1
  if (isLast && take(1) === 1) return 0
  const nibbles = take(2)
  return nibbles === 3 ? 0 : take(4 * (nibbles + 4)) + 1
}

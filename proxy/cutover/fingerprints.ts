/**
 * How often each of very many requests was seen, up to three times: 30 bits of a hash and two of a
 * count for each, in a table that grows with them. Two requests of one hash are taken for one, which
 * counts less, never more.
 */
import { Buffer } from 'node:buffer'
import { murmur3 } from '../routing/bucket.ts'

export interface Fingerprints {
  /** Counts one more; how often it has been seen now, at most 4. Null: there is no room for another. */
  add(fingerprint: string): number | null
  /** Takes over what another one wrote; how many sightings were then beyond the third. */
  merge(text: string): number
  size(): number
  /** Base64, to be merged again. */
  text(): string
}

/** Sightings of one request that count. */
export const mostRepeats = 3

/** Half a megabyte, as much as the strictest limit needs. */
export const mostFingerprints = 65_536

const leastSlots = 64
const hashOf = (entry: number): number => entry >>> 2
const countOf = (entry: number): number => entry & 3

/** @param most how many different ones are held at most */
export const createFingerprints = (most: number = mostFingerprints): Fingerprints => {
  let slots = new Uint32Array(leastSlots)
  let size = 0

  /** Where the hash stands, or would. */
  const find = (hash: number): number => {
    let at = hash & (slots.length - 1)
    for (;;) {
      const entry = slots[at] ?? 0
      if (entry === 0 || hashOf(entry) === hash) return at
      at = (at + 1) & (slots.length - 1)
    }
  }
  const grow = (): void => {
    const old = slots
    slots = new Uint32Array(old.length * 2)
    for (const entry of old) if (entry !== 0) slots[find(hashOf(entry))] = entry
  }
  /** How often it has been seen with these; null: there is no room. */
  const addHash = (hash: number, count: number): number | null => {
    const at = find(hash)
    const seen = countOf(slots[at] ?? 0)
    if (seen === 0 && size >= most) return null
    slots[at] = (hash << 2) | Math.min(mostRepeats, seen + count)
    if (seen === 0 && ++size * 2 > slots.length) grow()
    return seen + count
  }
  return {
    add: (fingerprint) => addHash(murmur3(fingerprint) >>> 2, 1),
    merge(text) {
      const bytes = Buffer.from(text, 'base64')
      let beyond = 0
      for (let at = 0; at + 4 <= bytes.length; at += 4) {
        const entry = bytes.readUInt32LE(at)
        const count = countOf(entry)
        const seen = count === 0 ? 0 : addHash(hashOf(entry), count)
        beyond += seen === null ? count : Math.max(0, seen - mostRepeats)
      }
      return beyond
    },
    size: () => size,
    text() {
      const bytes = Buffer.alloc(size * 4)
      let at = 0
      for (const entry of slots) if (entry !== 0) at = bytes.writeUInt32LE(entry, at)
      return bytes.toString('base64')
    },
  }
}

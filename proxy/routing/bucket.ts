/** Who belongs to a share of callers. Pure, alike on every machine. */
import { Buffer } from 'node:buffer'

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits))

const scramble = (block: number): number =>
  Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593)

const finish = (hash: number): number => {
  const a = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (b ^ (b >>> 16)) >>> 0
}

/** MurmurHash3_x86_32 (Appleby, public domain) of the UTF-8 of a text: 0..2^32-1. */
export const murmur3 = (text: string, seed = 0): number => {
  const bytes = Buffer.from(text)
  const tail = bytes.length & ~3
  let hash = seed | 0
  for (let i = 0; i < tail; i += 4) {
    hash = (Math.imul(rotate(hash ^ scramble(bytes.readInt32LE(i)), 13), 5) + 0xe6546b64) | 0
  }
  let last = 0
  for (let i = bytes.length - 1; i >= tail; i -= 1) last = (last << 8) | (bytes[i] ?? 0)
  return finish(hash ^ scramble(last) ^ bytes.length)
}

const share = (hash: number): number => Math.floor((hash * 10_000) / 2 ** 32)

/**
 * The bucket of a caller in a cohort: 0..9999, evenly spread, independent between cohorts.
 *
 * @param cohort the salt: routes of one cohort give a caller the same bucket
 */
export const bucketOf = (cohort: string, key: string): number => share(murmur3(`${cohort}:${key}`))

/**
 * Whether a caller belongs to the weight. A threshold, so that a growing weight only adds callers
 * and a shrinking one only takes some away; exact, since 2^32 × 10000 is below 2^53.
 *
 * @param weightBp basis points, 0..10000
 */
export const inWeight = (cohort: string, key: string, weightBp: number): boolean =>
  bucketOf(cohort, key) < weightBp

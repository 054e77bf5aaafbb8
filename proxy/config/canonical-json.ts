/** JSON of which there is one form only: keys sorted, no white space. Pure. */
import { createHash } from 'node:crypto'

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

export const canonicalJson = (value: unknown): string => JSON.stringify(value, sorted)

/** SHA-256 of the canonical form, hex. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex')

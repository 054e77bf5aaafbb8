import assert from 'node:assert/strict'
import type { Answer, Scenario } from '../scenarios/scenario.ts'

/** A value without what two answers need not share, and with unordered lists put in one order. */
const plain = (value: unknown, about: Scenario): unknown => {
  if (Array.isArray(value)) return value.map((item) => plain(item, about))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .filter(([key]) => !(about.differs ?? []).includes(key))
    .map(([key, item]) => {
      const inner = plain(item, about)
      const sortable = Array.isArray(inner) && (about.unordered ?? []).includes(key)
      return [key, sortable ? inner.map((one) => JSON.stringify(one)).sort() : inner]
    })
  return Object.fromEntries(entries)
}

/** Throws an AssertionError unless a client could take one answer for the other. */
export const assertAlike = (one: Answer, other: Answer, about: Scenario): void => {
  assert.equal(other.status, one.status, 'the same status')
  assert.equal(other.headers['content-type'], one.headers['content-type'], 'the same type')
  if ((about.differs ?? []).includes('html')) return
  assert.deepEqual(plain(other.json, about), plain(one.json, about))
}

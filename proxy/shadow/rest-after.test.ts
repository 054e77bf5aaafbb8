import assert from 'node:assert/strict'
import { restAfter } from './rest-after.ts'

describe('restAfter', () => {
  for (const [what, took, rest] of [
    ['none to what was short', 1.5, 0],
    ['as much as it took to what was long', 40, 40],
    ['no more than a quarter of a second to anything', 2_000, 250],
  ] as const) {
    it(`gives ${what}`, () => assert.equal(restAfter(took), rest))
  }
})

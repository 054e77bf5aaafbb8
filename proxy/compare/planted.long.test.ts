import { properties } from './planted.ts'

describe('the comparator, a million times', () => {
  for (const [title, holds] of Object.entries(properties))
    it(title, () => {
      holds(1_000_000)
    }).timeout(3_600_000)
})

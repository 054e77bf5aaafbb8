import { properties } from './planted.ts'

describe('the comparator', () => {
  for (const [title, holds] of Object.entries(properties))
    it(title, () => {
      holds(500)
    })
})

import { scaled } from '../../contract-tests/lab/long-share.ts'
import { properties } from './planted.ts'

describe('the comparator, on a million pairs', () => {
  const all = Object.entries(properties)
  for (const [title, holds] of all)
    it(title, () => {
      holds(scaled(Math.ceil(1_000_000 / all.length)))
    }).timeout(3_600_000)
})

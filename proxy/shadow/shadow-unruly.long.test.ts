import { askUnruly } from './unruly-shadows.ts'

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, RegExp])[] = [
  ['/hang',           /^shadow_timeout$/],
  ['/spin',           /^shadow_timeout$/],
  ['/heap',           /^shadow_(error|timeout)$/],
  ['/memory',         /^shadow_(error|timeout)$/],
  ['/exit',           /^shadow_error$/],
  ['/throw',          /^shadow_(error|timeout)$/],
  ['/reject',         /^shadow_(error|timeout)$/],
  ['/half-then-spin', /^shadow_(error|timeout)$/],
  ['/half-then-exit', /^shadow_(error|timeout)$/],
]

describe('shadows that misbehave, many at once', () => {
  for (const [path, expected] of cases) {
    it(`cost no client anything, and are counted: ${path}`, () =>
      askUnruly(path, expected, 8)).timeout(180_000)
  }
})

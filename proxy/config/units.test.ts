import assert from 'node:assert/strict'
import * as units from './units.ts'

// biome-ignore format: a table reads best as a table
const durations: readonly (readonly [string, number | null])[] = [
  ['250ms', 250], ['2s', 2_000], ['1m', 60_000], ['2h', 7_200_000], ['7d', 604_800_000], ['0s', 0],
  ['1.5s', null], ['1', null], ['s', null], ['-1s', null], ['1 s', null], ['1S', null], ['1h30m', null], ['', null],
  ['999999999999999d', null], ['1constructor', null],
]
// biome-ignore format: a table reads best as a table
const sizes: readonly (readonly [string, number | null])[] = [
  ['512B', 512], ['64KiB', 65_536], ['1MiB', 1_048_576], ['2GiB', 2_147_483_648], ['64KB', null], ['64', null], ['1.5MiB', null],
]
// biome-ignore format: a table reads best as a table
const shares: readonly (readonly [string, number | null])[] = [
  ['0%', 0], ['10%', 1_000], ['0.05%', 5], ['0.5%', 50], ['12.34%', 1_234], ['100%', 10_000], ['100.00%', 10_000],
  ['100.01%', null], ['101%', null], ['0.125%', null], ['10', null], ['.5%', null], ['-1%', null],
]

const reads = (
  read: (text: string) => number | null,
  format: (value: number) => string,
  cases: readonly (readonly [string, number | null])[],
): void => {
  for (const [text, value] of cases)
    it(`reads "${text}" as ${value}`, () => {
      assert.equal(read(text), value)
      if (value !== null) assert.equal(read(format(value)), value)
    })
}

describe('readDuration', () => reads(units.readDuration, units.formatDuration, durations))
describe('readSize', () => reads(units.readSize, units.formatSize, sizes))
describe('readShare', () => reads(units.readShare, units.formatShare, shares))

describe('formatDuration', () => {
  it('takes the largest unit that leaves no rest', () => {
    assert.deepEqual([90_000, 60_000, 86_400_000, 0].map(units.formatDuration), [
      '90s',
      '1m',
      '1d',
      '0ms',
    ])
  })
})

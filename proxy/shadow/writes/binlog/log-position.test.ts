import { equal } from 'node:assert/strict'
import { isAfter, type LogStanding, type LogStart } from './log-position.ts'

const start: LogStart = { file: 'bin.000002', offset: 500, writtenAt: { micros: 1_000 } }
const untimed: LogStart = { ...start, writtenAt: null }

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, LogStanding, LogStart, boolean | null])[] = [
  ['before its place',               { file: 'bin.000002', offset: 499 }, start,   false],
  ['at its place, where it begins',  { file: 'bin.000002', offset: 500 }, start,   false],
  ['beyond its place',               { file: 'bin.000002', offset: 501 }, start,   true],
  ['in a later file',                { file: 'bin.1000000', offset: 4 },  start,   true],
  ['before it was written',          { micros: 999 },                     start,   false],
  ['in the same microsecond',        { micros: 1_000 },                   start,   true],
  ['after it was written',           { micros: 1_001 },                   start,   true],
  ['at a time, where it has none',   { micros: 999 },                     untimed, null],
]

describe('a snapshot that stood', () => {
  for (const [where, snapshot, transaction, expected] of cases)
    it(`${where}: ${expected === null ? 'nobody knows whether' : expected ? 'may hold' : 'is without'} a transaction`, () => {
      equal(isAfter(snapshot, transaction), expected)
    })
})

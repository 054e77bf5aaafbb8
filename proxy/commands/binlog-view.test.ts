import assert from 'node:assert/strict'
import type { BinlogStatus } from '../shadow/writes/binlog/binlog-status.ts'
import { binlogLines } from './binlog-view.ts'
import { spanOf } from './status-view.ts'

const since = '2026-01-01T00:00:00.000Z'
const paint = (color: unknown, text: string): string => `[${color}]${text}`
const lines = (part: Partial<BinlogStatus> | null): readonly string[] =>
  binlogLines(
    part && {
      ...{ server: 'db:3306', state: 'following', since, why: null },
      position: { file: 'bin.000002', offset: 345 },
      ...part,
    },
    Date.parse(since) + 200_000,
    { paint, spanOf },
  )

/** What is known, and the line. */
const cases: readonly (readonly [Partial<BinlogStatus> | null, readonly string[]])[] = [
  [null, []],
  [{ state: 'starting', position: null }, ['binary log of db:3306: not read yet, for 3m 20s\n']],
  [{}, ['binary log of db:3306: followed at bin.000002:345, for 3m 20s\n']],
  [{ state: 'catchingUp' }, ['binary log of db:3306: catching up at bin.000002:345, for 3m 20s\n']],
  [
    { state: 'failed', why: 'Access \u001b[2Jdenied' },
    [
      '[red]binary log of db:3306: not read for 3m 20s: Access \\u{1b}[2Jdenied; captured writes are judged by what the database holds\n',
    ],
  ],
]

describe('binlogLines', () => {
  for (const [part, expected] of cases)
    it(`says how it is read: ${part === null ? 'nobody wants it' : (part.state ?? 'following')}`, () => {
      assert.deepEqual(lines(part), expected)
    })
})

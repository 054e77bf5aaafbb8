/** Why what was written is not compared although the answers are. docs/reference/writes.md carries the table (tested). */

// biome-ignore format: a table reads best as a table
export const leftOutReasons: Readonly<Record<LeftOut, string>> = {
  other_writes:  'another request that may write was under way between the copy and the look, or Banyan runs in several processes',
  too_large:     'the file is larger than 16 MiB, or more than 1 000 rows of a table have changed, or it took longer than a second to look',
  unreadable:    'one of the files could not be read, or was locked',
  no_binlog:     'it ran in a cage, and nobody read the binary log that tells what legacy wrote (shadow.database.binlog)',
  binlog_unread: 'it ran in a cage, and the binary log does not tell all that legacy wrote for the request; the log line binlog_unread says why',
  unseen_rows:   'it ran in a cage, and not all rows that its statements changed there could be seen',
}

export type LeftOut =
  | 'other_writes'
  | 'too_large'
  | 'unreadable'
  | 'no_binlog'
  | 'binlog_unread'
  | 'unseen_rows'

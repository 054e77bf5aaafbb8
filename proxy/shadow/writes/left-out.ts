/** Why what was written is not compared although the answers are. docs/reference/writes.md carries the table (tested). */

// biome-ignore format: a table reads best as a table
export const leftOutReasons: Readonly<Record<LeftOut, string>> = {
  other_writes: 'another request that may write was under way between the copy and the look, or Banyan runs in several processes',
  too_large:    'the file is larger than 16 MiB, or more than 1 000 rows of a table have changed, or it took longer than a second to look',
  unreadable:   'one of the files could not be read, or was locked',
}

export type LeftOut = 'other_writes' | 'too_large' | 'unreadable'

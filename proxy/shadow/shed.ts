/** Why a sampled request was not compared. docs/reference/outcomes.md carries this table (tested). */

// biome-ignore format: a table reads best as a table
export const shedReasons = {
  queue_full: 'more shadows wait than `shadow.queue` allows',
  memory:     'the bodies of waiting shadows fill `shadow.memory`',
  pressure:   'the process itself is short of time or memory: `shadow.delayLimit`, `shadow.rssLimit`',
  paused:     'somebody has killed the shadows: `banyan kill shadow`',
  lanes_taken: 'no lane is free to take a snapshot: each has one, or is still starting',
  lanes:      'no lane can be started: the handlers cannot be loaded, or have ended theirs too often and rest; `banyan status` says which',
  budget:     'legacy is asked for comparisons as often as it may be',
  blocked:    'legacy is not well: its breaker is open, or no address of it answers',
  shutdown:   'the process ended first',
} as const

export type ShedReason = keyof typeof shedReasons

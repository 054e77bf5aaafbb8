/** What a lane is: a thread of the edge's process, or a process of its own. */
export type Isolation = 'thread' | 'process'

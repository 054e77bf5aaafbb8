/**
 * What a sampled request can come to: each comes to exactly one.
 * docs/reference/outcomes.md carries these tables (tested).
 */

// biome-ignore format: a table reads best as a table
export const outcomes: Readonly<Record<Outcome, string>> = {
  identical:       'the same status, the same header fields that count, the same bytes',
  equivalent:      'other bytes that mean the same, or differences that rules overlook',
  noise:           'only differences that legacy shows against itself, in the shape that it gives them',
  mismatch:        'at least one difference that nothing overlooks',
  shadow_error:    'the shadow gave no answer',
  shadow_timeout:  'the shadow gave no answer in time',
  shadow_unstable: 'the shadow, asked twice, contradicts itself where legacy does not',
  race:            'legacy, asked again, says what modern said: its data had moved on',
  inconclusive:    'nothing can be told; the reason says why',
  shed:            'not compared: there was no room; the reason says why',
}

export type Outcome =
  | 'identical'
  | 'equivalent'
  | 'noise'
  | 'mismatch'
  | 'shadow_error'
  | 'shadow_timeout'
  | 'shadow_unstable'
  | 'race'
  | 'inconclusive'
  | 'shed'

/** What two observations alone can decide. */
export type ComparedOutcome = Exclude<Outcome, 'shadow_unstable' | 'race' | 'shed'>

// biome-ignore format: a table reads best as a table
export const inconclusiveReasons: Readonly<Record<InconclusiveReason, string>> = {
  client_gone:      'the client left before the answer was complete',
  primary_failed:   'the primary gave no complete answer, so there is nothing to compare with',
  body_not_kept:    'a body was longer than `shadow.bodyLimit`, or was not captured',
  body_incomplete:  'a body broke off',
  coding_unknown:   'other bytes in a content coding that Banyan does not know, or in more than two of them',
  coding_corrupt:   'the bytes differ, and neither body is what its content coding says',
  decoded_size:     'the bytes differ, and a body grows beyond 1 MiB when decoded',
  charset:          'neither body is what its charset says, or nobody knows the charset',
  unaligned:        'two long lists have too little in common to say what is which',
  session:          'it reads, carries a session of legacy and would have to be repeated, which the route does not allow (`repeatable`)',
  snapshot_late:    'what it writes is captured, and legacy may have written before the snapshot stood (`shadow.snapshotWait`)',
  snapshot_lost:    'the snapshot or the copy could not be taken, or did not last; the log says why',
  statement:        'the handler sent its database a statement of which nobody can tell what it would do',
  own_write:        'the handler reads what it has written in a way that cannot be answered without writing it',
  egress:           'the handler reached out: to another service, a socket or a process, which a shadow may not',
  cage_unfit:       'there is no twin, or its server lets statements out of a transaction; the log says why',
  cage_lost:        'the server ended the transaction that was to be rolled back: a deadlock, or a lock that it waited for',
  twin_stale:       'what the handler wrote in its cage differs, and so may the twin: it did not say all that legacy’s database said, or that could not be asked again',
  compare_timeout:  'comparing the two took too long',
  compare_failed:   'the thread that compares died of it',
  redacted:         'a replay alone: what was redacted when the exchange was recorded explains the difference',
}

export type InconclusiveReason =
  | 'client_gone'
  | 'primary_failed'
  | 'body_not_kept'
  | 'body_incomplete'
  | 'coding_unknown'
  | 'coding_corrupt'
  | 'decoded_size'
  | 'charset'
  | 'unaligned'
  | 'session'
  | 'snapshot_late'
  | 'snapshot_lost'
  | 'statement'
  | 'own_write'
  | 'egress'
  | 'cage_unfit'
  | 'cage_lost'
  | 'twin_stale'
  | 'compare_timeout'
  | 'compare_failed'
  | 'redacted'

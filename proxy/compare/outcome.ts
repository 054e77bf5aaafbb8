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
  coding_unknown:   'a content coding that Banyan does not know, or more than two of them',
  coding_corrupt:   'neither body is what its content coding says',
  decoded_size:     'a body grows beyond 1 MiB when decoded',
  charset:          'neither body is what its charset says, or nobody knows the charset',
  unaligned:        'two long lists have too little in common to say what is which',
  session:          'it carries a session of legacy and would have to be repeated, which the route does not allow (`repeatable`)',
  compare_timeout:  'comparing the two took too long',
  compare_failed:   'the thread that compares died of it',
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
  | 'compare_timeout'
  | 'compare_failed'

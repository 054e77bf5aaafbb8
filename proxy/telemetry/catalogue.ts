/**
 * Every metric that Banyan exposes, under the name `banyan_…`. Base units; a share is 0..1.
 * docs/reference/metrics.md carries the same rows (tested). No label ever holds what a client sent:
 * a path, a user, a host, an unknown method would make the number of series theirs to choose.
 */

/** Upper bounds in seconds. They include the usual service objectives, which cannot be read off later. */
export const buckets: Readonly<Record<'latency' | 'overhead' | 'delay', readonly number[]>> = {
  latency: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  overhead: [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05],
  delay: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
}

// biome-ignore format: a table reads best as a table
export const catalogue = {
  requests_total:                          { type: 'counter',   labels: ['route', 'method', 'status_class', 'target', 'reason'], help: 'Requests answered, by whose code answered and why it was asked.' },
  request_duration_seconds:                { type: 'histogram', labels: ['route', 'target'], buckets: 'latency', help: 'From the head of a request read to the last byte of its answer written, of a tunnel to its 101.' },
  upstream_duration_seconds:               { type: 'histogram', labels: ['route', 'upstream'], buckets: 'latency', help: 'What a target took to the head of its answer, failed attempts with a head included.' },
  proxy_overhead_seconds:                  { type: 'histogram', labels: [], buckets: 'overhead', help: 'Time to the head of an answer that was spent in Banyan, not in a target.' },
  requests_in_flight:                      { type: 'gauge',     labels: [], help: 'Requests whose answer is not finished.' },
  limit_hits_total:                        { type: 'counter',   labels: ['limit'], help: 'Connections and requests that a limit on clients has refused or ended.' },
  tunnels_in_flight:                       { type: 'gauge',     labels: [], help: 'Upgraded connections that are open.' },
  tunnels_opened_total:                    { type: 'counter',   labels: ['upstream'], help: 'Upgrades that an upstream agreed to.' },
  tunnels_ended_total:                     { type: 'counter',   labels: ['upstream', 'ending'], help: 'Upgrades that are over, by what ended them or kept them from becoming tunnels.' },
  upstream_in_flight:                      { type: 'gauge',     labels: ['upstream'], help: 'Requests sent to an upstream and not yet finished.' },
  upstream_pending:                        { type: 'gauge',     labels: ['upstream'], help: 'Requests that wait for a connection to an upstream.' },
  upstream_healthy:                        { type: 'gauge',     labels: ['upstream', 'address'], help: 'Whether an address gets requests: 0 while it is passed over because it is not well.' },
  retries_total:                           { type: 'counter',   labels: ['upstream', 'result'], help: 'Requests sent to an upstream once more, and those that were not for want of budget.' },
  upstream_errors_total:                   { type: 'counter',   labels: ['upstream', 'kind'], help: 'Attempts that failed in a target; kind is a code of the error table.' },
  request_bytes_total:                     { type: 'counter',   labels: ['route'], help: 'Bytes of request bodies as announced by Content-Length; chunked uploads are not counted.' },
  response_bytes_total:                    { type: 'counter',   labels: ['route'], help: 'Bytes of answer bodies sent to clients.' },
  fallbacks_total:                         { type: 'counter',   labels: ['route', 'cause'], help: 'Requests that the fallback answered because the first attempt failed.' },
  ambiguous_paths_total:                   { type: 'counter',   labels: ['profile', 'policy'], help: 'Requests whose path legacy may take for another route, by what was done about it.' },
  breaker_state:                           { type: 'gauge',     labels: ['route', 'upstream', 'address', 'state'], help: 'The state that each breaker is in: 1, the others 0.' },
  breaker_transitions_total:               { type: 'counter',   labels: ['route', 'upstream', 'address', 'to'], help: 'Changes of state of a breaker.' },
  breaker_diversions_total:                { type: 'counter',   labels: ['route', 'reason'], help: 'Requests that an open breaker or a dead address sent to the other target.' },
  comparisons_total:                       { type: 'counter',   labels: ['route', 'shadow', 'outcome'], help: 'Sampled requests, by what their comparison came to; shed ones included.' },
  differences_total:                       { type: 'counter',   labels: ['route', 'kind', 'severity'], help: 'Places at which compared answers differ and nothing overlooks it, once for each comparison.' },
  shadow_drops_total:                      { type: 'counter',   labels: ['route', 'reason'], help: 'Sampled requests that were shed, by why.' },
  shadow_queue:                            { type: 'gauge',     labels: [], help: 'Sampled requests that wait: for their primary, a shadow, or to be compared.' },
  shadow_memory_bytes:                     { type: 'gauge',     labels: [], help: 'Bytes of bodies that are kept for comparisons.' },
  shadow_busy:                             { type: 'gauge',     labels: [], help: 'Requests that targets are asked in the shadows at this moment.' },
  shadow_paused:                           { type: 'gauge',     labels: [], help: 'Whether shadows are switched off, by a kill or because the process has nothing to spare.' },
  gate_verdict:                            { type: 'gauge',     labels: ['route', 'gate', 'verdict'], help: 'Always 1; the label is what each gate says of a shadowed route, by the evidence of all instances.' },
  gate_eta_seconds:                        { type: 'gauge',     labels: ['route', 'gate'], help: 'Time until each gate of a shadowed route passes at the present rate, 0 where it does; absent where it will not, or nobody can tell.' },
  evidence_trials:                         { type: 'gauge',     labels: ['route'], help: 'Comparisons that count for the gates in the present epoch, of all instances.' },
  unseen_shapes_ratio:                     { type: 'gauge',     labels: ['route'], help: 'Estimated share of the traffic whose shape was never compared, 0..1.' },
  writes_judged_total:                     { type: 'counter',   labels: ['route', 'by'], help: 'Samples whose captured or caged writes were judged: by all that legacy wrote (binlog), by what its database holds (state), by all rows of a SQLite file (copies), or left out (nothing).' },
  binlog_up:                               { type: 'gauge',     labels: [], help: 'Whether the binary log of legacy is read; absent where nothing captures writes, or it is off.' },
  binlog_state:                            { type: 'gauge',     labels: ['state'], help: 'How the binary log of legacy is read: the present state 1, the others 0; absent as binlog_up.' },
  binlog_drops_total:                      { type: 'counter',   labels: [], help: 'Requests whose logged rows were forgotten before anybody asked for them, for want of room.' },
  lanes_busy:                              { type: 'gauge',     labels: ['role'], help: 'Lanes that are at work on a request.' },
  lane_restarts_total:                     { type: 'counter',   labels: ['role', 'cause'], help: 'Lanes that ended and are started again, by why.' },
  route_stage:                             { type: 'gauge',     labels: ['route', 'stage'], help: 'The stage that each route is at: 1, the others 0.' },
  route_weight_ratio:                      { type: 'gauge',     labels: ['route'], help: 'Share of callers that modern answers at the present stage, 0..1.' },
  config_info:                             { type: 'gauge',     labels: ['revision'], help: 'Always 1; the label names the config revision in force.' },
  config_last_reload_successful:           { type: 'gauge',     labels: [], help: 'Whether the config file as it stands is the one in force.' },
  config_last_reload_timestamp_seconds:    { type: 'gauge',     labels: [], help: 'When a config was last applied, Unix time.' },
  config_reloads_total:                    { type: 'counter',   labels: ['result'], help: 'Readings of a changed config file, by what came of them.' },
  override_expires_timestamp_seconds:      { type: 'gauge',     labels: ['scope'], help: 'When each kill in force ends, Unix time.' },
  instance_draining:                       { type: 'gauge',     labels: [], help: 'Whether this process is finishing its work to exit.' },
  tls_certificate_expires_timestamp_seconds: { type: 'gauge',   labels: ['name'], help: 'When each certificate of the public listener ends, Unix time.' },
  event_loop_delay_seconds:                { type: 'histogram', labels: [], buckets: 'delay', help: 'How late a timer of 20 ms fires: what every request waits at least once.' },
  admin_requests_total:                    { type: 'counter',   labels: ['action', 'result'], help: 'Changes asked for on the admin listener, by what came of them.' },
  internal_errors_total:                   { type: 'counter',   labels: ['where'], help: 'Errors of Banyan that cost no client anything but should not be.' },
  log_lines_lost_total:                    { type: 'counter',   labels: [], help: 'Log lines that could not be written and were dropped.' },
  recorded_exchanges_total:                { type: 'counter',   labels: ['result'], help: 'Exchanges of clients that somebody recorded, and those that were dropped for want of room.' },
  store_writes_total:                      { type: 'counter',   labels: ['result'], help: 'Evidence and exemplars for the store, by what became of them; failed ones are tried again, dropped ones are lost.' },
  store_up:                                { type: 'gauge',     labels: [], help: 'Whether the store does what it is asked; absent where the config says that there is none.' },
  series:                                  { type: 'gauge',     labels: [], help: 'Time series of this process under banyan_, itself included.' },
  build_info:                              { type: 'gauge',     labels: ['version', 'node', 'handlers'], help: 'Always 1; the labels name what runs.' },
} as const

type Catalogue = typeof catalogue

/** Name without the prefix `banyan_`. */
export type MetricName = keyof Catalogue
type NameOf<Type> = {
  [N in MetricName]: Catalogue[N]['type'] extends Type ? N : never
}[MetricName]
export type CounterName = NameOf<'counter'>
export type GaugeName = NameOf<'gauge'>
export type HistogramName = NameOf<'histogram'>

/** The labels of one metric, all of them; an empty value counts as absent, as in Prometheus. */
export type LabelsOf<N extends MetricName> = Readonly<
  Record<Catalogue[N]['labels'][number], string>
>

export interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
  readonly help: string
  readonly buckets?: keyof typeof buckets
}

export const metricNames: readonly MetricName[] = Object.keys(catalogue) as MetricName[]

/** Reads one row; the literal types of the table widened to their row. */
export const metricRow = (name: MetricName): MetricRow => catalogue[name]

/** Methods that label a series; every other one counts as `other`. */
export const knownMethods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'other',
] as const

/** Places where an error may be swallowed: values of `internal_errors_total{where}`. */
export const internalPlaces = ['edge', 'observe', 'settle', 'shadow', 'scrape', 'admin'] as const
export type InternalPlace = (typeof internalPlaces)[number]

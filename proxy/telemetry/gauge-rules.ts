/** What the gauges of several workers are together. Those that are not named are added up. */
import type { GaugeName } from './catalogue.ts'

export type GaugeRule = 'sum' | 'max' | 'min' | 'primary'

/** `primary`: only the process that starts the workers knows. */
const rules: Readonly<Partial<Record<GaugeName, GaugeRule>>> = {
  upstream_healthy: 'min',
  breaker_state: 'max',
  shadow_paused: 'max',
  gate_verdict: 'max',
  gate_eta_seconds: 'max',
  evidence_trials: 'max',
  unseen_shapes_ratio: 'max',
  route_stage: 'max',
  route_weight_ratio: 'max',
  config_info: 'max',
  config_last_reload_successful: 'min',
  config_last_reload_timestamp_seconds: 'primary',
  override_expires_timestamp_seconds: 'max',
  instance_draining: 'primary',
  tls_certificate_expires_timestamp_seconds: 'min',
  store_up: 'min',
  binlog_up: 'min',
  binlog_state: 'max',
  series: 'max',
  build_info: 'max',
}

const byName: ReadonlyMap<string, GaugeRule> = new Map(
  Object.entries(rules).map(([name, rule]) => [`banyan_${name}`, rule]),
)

/** Those of Node itself that no sum makes sense of. */
const ofNode: readonly (readonly [RegExp, GaugeRule])[] = [
  [/^process_start_time_seconds$/, 'min'],
  [/^process_max_fds$/, 'min'],
  [/^nodejs_version_info$/, 'max'],
  [/^nodejs_eventloop_lag_min_seconds$/, 'min'],
  [/^nodejs_eventloop_lag_/, 'max'],
]

/** @param name as exposed, with its prefix */
export const gaugeRule = (name: string): GaugeRule =>
  byName.get(name) ?? ofNode.find(([pattern]) => pattern.test(name))?.[1] ?? 'sum'

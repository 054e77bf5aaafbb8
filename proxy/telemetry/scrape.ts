/** Fills the gauges that are read from the status of the proxy when somebody scrapes. */
import type { BreakerState, ProxyStatus } from '../admin/status.ts'
import { reloadResults } from '../config/reload.ts'
import type { Metrics } from './metrics.ts'

const stateLabels: Readonly<Record<BreakerState, string>> = {
  closed: 'closed',
  open: 'open',
  halfOpen: 'half_open',
}

/** What the process knows that has others serve. */
export type PrimaryStatus = Pick<ProxyStatus, 'process' | 'reloads' | 'kills'>

const fillProcess = (metrics: Metrics, status: PrimaryStatus): void => {
  const { state, version, node, handlersBuild, requestsInFlight, tunnelsInFlight } =
    status.process()
  metrics.gauge('requests_in_flight', {}).value = requestsInFlight
  metrics.gauge('tunnels_in_flight', {}).value = tunnelsInFlight
  metrics.gauge('instance_draining', {}).value = state === 'draining' ? 1 : 0
  metrics.clear('build_info')
  metrics.gauge('build_info', { version, node, handlers: handlersBuild ?? '' }).value = 1
}

const fillCertificates = (metrics: Metrics, status: ProxyStatus): void => {
  for (const { name, expires } of status.process().certificates ?? []) {
    const cell = metrics.gauge('tls_certificate_expires_timestamp_seconds', { name })
    cell.value = Date.parse(expires) / 1_000
  }
}

const fillUpstreams = (metrics: Metrics, status: ProxyStatus): void => {
  metrics.clear('upstream_in_flight')
  metrics.clear('upstream_pending')
  metrics.clear('upstream_healthy')
  for (const { name: upstream, addresses, inFlight, pending } of status.upstreams()) {
    for (const { url: address, healthy } of addresses) {
      metrics.gauge('upstream_healthy', { upstream, address }).value = healthy === false ? 0 : 1
    }
    metrics.gauge('upstream_in_flight', { upstream }).value = inFlight
    metrics.gauge('upstream_pending', { upstream }).value = pending
  }
}

const fillBreakers = (metrics: Metrics, status: ProxyStatus): void => {
  metrics.clear('breaker_state')
  for (const { route, upstream, address, state } of status.breakers()) {
    const labels = { route: route ?? '', upstream, address: address ?? '' }
    for (const [each, label] of Object.entries(stateLabels)) {
      metrics.gauge('breaker_state', { ...labels, state: label }).value = each === state ? 1 : 0
      metrics.counter('breaker_transitions_total', { ...labels, to: label })
    }
  }
}

const fillConfig = (metrics: Metrics, status: PrimaryStatus): void => {
  const { rejected, appliedAt, counts } = status.reloads()
  metrics.gauge('config_last_reload_successful', {}).value = rejected === null ? 1 : 0
  const appliedMs = Date.parse(appliedAt)
  metrics.gauge('config_last_reload_timestamp_seconds', {}).value = appliedMs / 1_000
  for (const result of reloadResults) {
    metrics.counter('config_reloads_total', { result }).value = counts?.[result] ?? 0
  }
}

const fillKills = (metrics: Metrics, status: PrimaryStatus): void => {
  metrics.clear('override_expires_timestamp_seconds')
  for (const { scope, untilMs } of status.kills()) {
    metrics.gauge('override_expires_timestamp_seconds', { scope }).value = untilMs / 1_000
  }
}

/** The reader of this page sees what was put together for the one before it. */
export const fillVerdicts = (
  metrics: Metrics,
  { config, findings }: Pick<ProxyStatus, 'config' | 'findings'>,
): void => {
  void findings.refresh()
  metrics.clear('gate_verdict')
  metrics.clear('gate_eta_seconds')
  metrics.clear('evidence_trials')
  metrics.clear('unseen_shapes_ratio')
  for (const { id: route } of config().routes) {
    const evidence = findings.verdicts(route)
    if (evidence === null) continue
    metrics.gauge('evidence_trials', { route }).value = evidence.trials
    metrics.gauge('unseen_shapes_ratio', { route }).value = evidence.unseen
    for (const { name: gate, verdict, etaMs } of evidence.gates) {
      metrics.gauge('gate_verdict', { route, gate, verdict }).value = 1
      if (etaMs !== null)
        metrics.gauge('gate_eta_seconds', { route, gate }).value = Math.round(etaMs / 1_000)
    }
  }
}

/** Registers the gauges; a source that throws costs its own gauges only. */
export const scrapeStatus = (metrics: Metrics, status: ProxyStatus): void => {
  for (const fill of [
    fillProcess,
    fillCertificates,
    fillUpstreams,
    fillBreakers,
    fillConfig,
    fillKills,
    fillVerdicts,
  ]) {
    metrics.onScrape(() => fill(metrics, status))
  }
}

/** The same for a process that has workers serve: they fill the rest. */
export const scrapePrimary = (metrics: Metrics, status: PrimaryStatus): void => {
  for (const fill of [fillProcess, fillConfig, fillKills]) {
    metrics.onScrape(() => fill(metrics, status))
  }
}

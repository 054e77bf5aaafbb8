/** The public surface of the package: what a program that embeds Banyan may rely on. */

export type { Addresses } from './addresses.ts'
export type { ReloadOutcome } from './admin/change-paths.ts'
export type { ProxyStatus } from './admin/status.ts'
export { type CompareOptions, type Comparison, compare } from './compare/compare.ts'
export { type JsonValue, type ParsedJson, parseJson } from './compare/json.ts'
export { type ParsedRules, parseRules } from './compare/rules.ts'
export type {
  Config,
  ListenConfig,
  Match,
  Route,
  UpstreamConfig,
} from './config/config.ts'
export type { Gate } from './config/cutover-config.ts'
export type { Diagnostic } from './config/diagnostics.ts'
export { type Loaded, type LoadOptions, loadConfig } from './config/load.ts'
export { type Parsed, type ParseOptions, parseConfig } from './config/parse.ts'
export type { Evidence } from './cutover/evidence.ts'
export { gate } from './cutover/gate.ts'
export type { GateOptions, GateVerdict, Verdict } from './cutover/verdict.ts'
export { type ErrorCode, errorCodes, errors, ProxyError } from './errors.ts'
export { createProxy, type Proxy, type ProxyOptions } from './proxy.ts'
export type { Decision, DecisionReason } from './routing/choose.ts'
export { type Plan, plans, type Stage, stages, type Target } from './stage.ts'
export type { ProxyIo } from './standing-parts.ts'
export type {
  Body,
  Client,
  Failure,
  InboundRequest,
  Observation,
  Outlook,
  Send,
  TargetResponse,
} from './targets/send.ts'
export { createLog, type Log, type ProcessLog, silentLog } from './telemetry/log.ts'

/** The public surface of the package: what a program that embeds Banyan may rely on. */

export type { Addresses } from './addresses.ts'
export type { ReloadOutcome } from './admin/change-paths.ts'
export type { ProxyStatus } from './admin/status.ts'
export { type CompareOptions, type Comparison, compare } from './compare/compare.ts'
export {
  type Confirmation,
  type ConfirmOptions,
  confirm,
  needsRepeat,
  type Sandwich,
} from './compare/confirm.ts'
export type { Difference, DifferenceKind, Excused, Severity } from './compare/difference.ts'
export { type JsonValue, type ParsedJson, parseJson } from './compare/json.ts'
export { createNoiseLedger, type NoiseCount, type NoiseLedger } from './compare/noise-ledger.ts'
export { placesOf } from './compare/places.ts'
export type { Rule } from './compare/rule.ts'
export {
  type Lint,
  type LintFinding,
  type LintInput,
  lintFindings,
  lintRules,
  type RuleUse,
} from './compare/rule-lint.ts'
export { type ParsedRules, parseRules, type RuleProblem } from './compare/rules.ts'
export { rulesOf } from './compare/rules-of.ts'
export { builtInRules, type RulesetName, rulesetNames } from './compare/rulesets.ts'
export { type Suggestion, suggestedRules, suggestRules } from './compare/suggest-rules.ts'
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

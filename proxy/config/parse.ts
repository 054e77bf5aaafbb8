/** Text → validated, frozen config. Pure: files come as texts, the world as arguments. */
import { dirname, resolve } from 'node:path'
import { type Check, runChecks, type World } from './checks/check.ts'
import { idleShadows, twinOfItself } from './checks/idle-shadows.ts'
import { listenerChecks } from './checks/listeners.ts'
import { matchingChecks } from './checks/matching.ts'
import { referenceChecks } from './checks/references.ts'
import { rewritingChecks } from './checks/rewriting.ts'
import { ruleCheck } from './checks/rules.ts'
import { safetyChecks } from './checks/safety.ts'
import { shapeChecks } from './checks/shapes.ts'
import { stageChecks } from './checks/stages.ts'
import { upstreamTlsCheck } from './checks/upstream-tls.ts'
import { withoutEffectCheck } from './checks/without-effect.ts'
import type { Config } from './config.ts'
import {
  type Diagnostic,
  diagnostic,
  fault,
  type Place,
  sortDiagnostics,
  wholeFile,
} from './diagnostics.ts'
import { type Draft, draftOf, type ReadFile } from './draft.ts'
import { includedFile, mainFile } from './keys.ts'
import { deepFreeze, revisionOf } from './revision.ts'
import { type Field, readShape } from './schema.ts'
import type { Environment } from './variables.ts'
import { readYaml, type Source } from './yaml.ts'

export interface ParseOptions extends World {
  /** Absolute path of the directory that paths in the config are relative to. */
  readonly directory: string
  /** For `${NAME}`. */
  readonly env: Environment
}

export interface Parsed {
  /** Null when there is an error among the diagnostics; warnings leave it standing. */
  readonly config: Config | null
  /** All of them, in the order of the files, each from top to bottom. */
  readonly diagnostics: readonly Diagnostic[]
}

const checks: readonly Check[] = [
  ...shapeChecks,
  ...referenceChecks,
  ...matchingChecks,
  stageChecks,
  rewritingChecks,
  ...safetyChecks,
  idleShadows,
  twinOfItself,
  ...listenerChecks,
  ruleCheck,
  upstreamTlsCheck,
  withoutEffectCheck,
]

const isEmpty = ({ yaml }: ReadFile<unknown>): boolean =>
  yaml.faults.length === 0 && (yaml.value === null || yaml.value === undefined)

const readFile = <T>(source: Source, field: Field<T, string>, env: Environment): ReadFile<T> => {
  const yaml = readYaml(source, env)
  const { value, findings } = readShape(field, yaml.value ?? {})
  return { yaml, written: value, findings }
}

const covers = (outer: Place, inner: Place): boolean =>
  outer.line === inner.line &&
  outer.column <= inner.column &&
  inner.column < outer.column + outer.length

/** Of a value whose variable is not set, nothing more is said. */
const diagnosticsOf = ({ yaml, findings }: ReadFile<unknown>): readonly Diagnostic[] => {
  const found = findings
    .map(({ fault: what, path, at }) => diagnostic(what, yaml.placeOf(path, at)))
    .filter((one) => !yaml.faults.some(({ place }) => covers(one, place)))
  return [...yaml.faults.map(({ fault: what, place }) => diagnostic(what, place)), ...found]
}

const emptyHint = 'a config without routes would answer nothing: see config/minimal.yaml'

const judge = (draft: Draft, world: World): readonly Diagnostic[] => {
  const empty = draft.files.filter(isEmpty).map(({ yaml }) => {
    const what = fault('empty', 'the file says nothing', emptyHint)
    return diagnostic(what, wholeFile(yaml.file))
  })
  const own = [...empty, ...draft.files.flatMap(diagnosticsOf)]
  const isWhole = draft.files.every(({ yaml }) => yaml.value !== null && yaml.value !== undefined)
  return isWhole ? [...own, ...runChecks(checks, draft, world)] : own
}

/**
 * Reads a config: the main file, then the files that it includes. Never throws; what is wrong is in
 * `diagnostics`, everything at once.
 */
export const parseConfig = (
  sources: readonly [Source, ...Source[]],
  options: Partial<ParseOptions> = {},
): Parsed => {
  const [first, ...others] = sources
  const { env = {}, adapters = null, exists = null, read = null, today = null } = options
  const main = readFile(first, mainFile, env)
  const included = others.map((source) => readFile(source, includedFile, env))
  const draft = draftOf(main, included, options.directory ?? dirname(resolve(first.file)))
  const files = sources.map(({ file }) => file)
  const diagnostics = sortDiagnostics(judge(draft, { adapters, exists, read, today }), files)
  const config = diagnostics.some(({ severity }) => severity === 'error')
    ? null
    : deepFreeze({ revision: revisionOf(draft.config), ...draft.config })
  return { config, diagnostics }
}

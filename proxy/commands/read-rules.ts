/** Rules from a file of their own: a list, or rulesets as a config and `suggest-rules` write them. */
import type { Rule } from '../compare/rule.ts'
import { rulesOf } from '../compare/rules-of.ts'
import { rulesetNames } from '../compare/rulesets.ts'
import { ruleFaults } from '../config/checks/rules.ts'
import type { Comparison } from '../config/cutover-config.ts'
import { type Diagnostic, diagnostic, fault, sortDiagnostics } from '../config/diagnostics.ts'
import { countDiagnostics, renderDiagnostics } from '../config/render-diagnostics.ts'
import { suggest } from '../config/suggest.ts'
import { type Path, readYaml, type YamlFile } from '../config/yaml.ts'
import type { Io } from './io.ts'
import { readBytes } from './read-answer.ts'
import { type CommandError, usageError } from './say.ts'

type Entry = Comparison[number]

/** One ruleset, and where each of its entries is written. */
interface Ruleset {
  readonly name: string
  readonly entries: readonly { readonly path: Path; readonly entry: Entry }[]
}

const isList = (value: unknown): value is Comparison => Array.isArray(value)

const rulesetOf = (name: string, path: Path, value: unknown): Ruleset => ({
  name,
  entries: isList(value)
    ? value.map((entry, at) => ({ path: [...path, at], entry }))
    : [{ path, entry: value as Entry }],
})

/** Null: it is neither a list nor rulesets. */
const rulesetsOf = (value: unknown): readonly Ruleset[] | null => {
  if (value === null) return []
  if (isList(value)) return [rulesetOf('rules', [], value)]
  const { rulesets } = value as { rulesets?: unknown }
  const held = typeof rulesets === 'object' && rulesets !== null ? Object.entries(rulesets) : []
  return held.length === 0
    ? null
    : held.map(([name, list]) => rulesetOf(name, ['rulesets', name], list))
}

/** Everything that is wrong with the rulesets of a file. */
const problemsOf = (yaml: YamlFile, rulesets: readonly Ruleset[]): Diagnostic[] => {
  const known = [...rulesetNames, ...rulesets.map(({ name }) => name)]
  const unknown = (name: string) =>
    fault('unknownRuleset', `there is no ruleset "${name}"`, suggest(name, known))
  const entries = rulesets.flatMap((ruleset) => ruleset.entries)
  return entries
    .flatMap(({ path, entry }) => {
      if (typeof entry !== 'string') return ruleFaults(yaml, path, entry)
      const place = yaml.placeOf(path, 'value')
      return known.includes(entry) ? [] : [{ fault: unknown(entry), place }]
    })
    .map(({ fault: what, place }) => diagnostic(what, place))
}

const wrong = (
  path: string,
  found: readonly Diagnostic[],
  io: Pick<Io, 'err'>,
  hint: string | null,
): CommandError => {
  const diagnostics = sortDiagnostics(found, [path])
  io.err(`${renderDiagnostics(diagnostics)}\n\n`)
  return usageError(`${path} has ${countDiagnostics(diagnostics)}`, hint)
}

/**
 * @throws CommandError where the file cannot be read, or is not what it should be; all that is wrong is
 * on the error stream by then
 */
export const readRules = async (
  path: string,
  io: Pick<Io, 'env' | 'err'>,
): Promise<readonly Rule[]> => {
  const text = (await readBytes(path)).toString('utf8')
  const yaml = readYaml({ file: path, text }, io.env)
  const faults = yaml.faults.map(({ fault: what, place }) => diagnostic(what, place))
  if (faults.length > 0) throw wrong(path, faults, io, null)
  const rulesets = rulesetsOf(yaml.value)
  if (rulesets === null)
    throw usageError(
      `${path} holds no rules`,
      'write a list, such as: - { ignore: /generatedAt, why: "clock" }',
    )
  const problems = problemsOf(yaml, rulesets)
  if (problems.length > 0) throw wrong(path, problems, io, 'docs/reference/rules.md has all')
  const named = rulesets.map(({ name, entries }) => [name, entries.map(({ entry }) => entry)])
  const compare = rulesets.map(({ name }) => name)
  return rulesOf({ rulesets: Object.fromEntries(named) }, { id: 'rules', compare })
}

/** Rules from a file of their own: a list, or rulesets as a config and `suggest-rules` write them. */
import type { Rule } from '../compare/rule.ts'
import { parseRules } from '../compare/rules.ts'
import { rulesOf } from '../compare/rules-of.ts'
import { rulesetNames } from '../compare/rulesets.ts'
import type { Comparison } from '../config/cutover-config.ts'
import { suggest } from '../config/suggest.ts'
import { readYaml } from '../config/yaml.ts'
import type { Io } from './io.ts'
import { readBytes } from './read-answer.ts'
import { usageError } from './say.ts'

type Rulesets = Readonly<Record<string, Comparison>>

const isList = (value: unknown): value is Comparison => Array.isArray(value)

/** Null: it is neither a list nor rulesets. */
const rulesetsOf = (value: unknown): Rulesets | null => {
  if (value === null) return {}
  if (isList(value)) return { rules: value }
  const { rulesets } = value as { rulesets?: unknown }
  const held = typeof rulesets === 'object' && rulesets !== null ? Object.entries(rulesets) : []
  const lists = held.map(([name, list]) => [name, isList(list) ? list : [list]] as const)
  return lists.length === 0 ? null : Object.fromEntries(lists)
}

const problemOf = (rulesets: Rulesets): string | null => {
  const known = [...rulesetNames, ...Object.keys(rulesets)]
  const problemOfEntry = (entry: Comparison[number], name: string): string | null => {
    if (typeof entry !== 'string') return parseRules([entry], name).problems[0]?.message ?? null
    if (known.includes(entry)) return null
    return `there is no ruleset "${entry}"; ${suggest(entry, known)}`
  }
  const problems = Object.entries(rulesets).flatMap(([name, entries]) =>
    entries.flatMap((entry, at) => {
      const problem = problemOfEntry(entry, name)
      return problem === null ? [] : [`${name}, entry ${at + 1}: ${problem}`]
    }),
  )
  return problems[0] ?? null
}

/** @throws CommandError where the file cannot be read, or is not what it should be */
export const readRules = async (path: string, io: Pick<Io, 'env'>): Promise<readonly Rule[]> => {
  const text = (await readBytes(path)).toString('utf8')
  const { value, faults } = readYaml({ file: path, text }, io.env)
  const [broken] = faults
  if (broken !== undefined) {
    const { line, column } = broken.place
    throw usageError(`${path}:${line}:${column} ${broken.fault.message}`)
  }
  const rulesets = rulesetsOf(value)
  if (rulesets === null)
    throw usageError(
      `${path} holds no rules`,
      'write a list, such as: - { ignore: /generatedAt, why: "clock" }',
    )
  const problem = problemOf(rulesets)
  if (problem !== null) throw usageError(`${path}: ${problem}`, 'docs/reference/rules.md has all')
  return rulesOf({ rulesets }, { id: 'rules', compare: Object.keys(rulesets) })
}

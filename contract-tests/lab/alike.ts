/** Whether a client could take one answer for another: the product's own comparison decides. */
import assert from 'node:assert/strict'
import { compare } from '../../proxy/compare/compare.ts'
import type { Difference } from '../../proxy/compare/difference.ts'
import { observed } from '../../proxy/compare/observed.ts'
import type { Rule } from '../../proxy/compare/rule.ts'
import { parseRules } from '../../proxy/compare/rules.ts'
import { builtInRules, type RulesetName } from '../../proxy/compare/rulesets.ts'
import type { Target } from '../../proxy/stage.ts'
import type { Observation } from '../../proxy/targets/send.ts'
import { ownedByRuby } from '../owners.ts'
import type { Answer, Scenario } from '../scenarios/scenario.ts'

type WrittenRule = Readonly<Record<string, unknown>>

/** What two answers of one legacy need not share, be it for everybody's eyes or for a browser's. */
const always: readonly WrittenRule[] = [
  {
    ...{ ignore: 'header:host', allow: ['value', 'shape', 'missing', 'extra'] },
    why: 'the server that PHP brings along says where it was asked',
  },
]

const onPages: readonly WrittenRule[] = [
  { ignore: '/**/input[name=csrf]/@value', why: 'every session has a token of its own' },
  {
    ...{ ignore: 'header:set-cookie/PHPSESSID/value', allow: ['value', 'shape'] },
    why: 'as long as php.ini has it',
  },
  { ignore: 'header:set-cookie/_conduit_session/value', why: 'encrypted with a nonce of its own' },
]

/** What a scenario says of its own answers, as rules. */
const ofScenario = ({ unordered = [], differs = [] }: Scenario): readonly WrittenRule[] => [
  ...unordered.map((key) => ({
    ...{ order: `/**/${key}`, is: 'ignored' },
    why: 'nothing says in which order they come',
  })),
  ...differs
    .filter((key) => key !== 'html')
    .map((key) => ({ ignore: `/**/${key}`, why: 'two answers need not share it' })),
]

/** Throws a TypeError for a rule that is none. */
const read = (written: readonly WrittenRule[], name: string): readonly Rule[] => {
  const { rules, problems } = parseRules(written, name)
  const [problem] = problems
  if (problem !== undefined) throw new TypeError(`${name}#${problem.index + 1}: ${problem.message}`)
  return rules
}

/** All that two pages of one stack may differ in: one session from another, one server from another. */
export const pageRules: readonly Rule[] = read([...always, ...onPages], 'pages')

/**
 * The API promises its types, so there no ruleset may excuse any; pages are as their stack makes
 * them.
 */
const rulesOf = (about: Scenario): readonly Rule[] => {
  const own = read(ofScenario(about), about.title)
  if (about.url.startsWith('/api/')) return [...read(always, 'everywhere'), ...own]
  const stack: RulesetName = ownedByRuby(about) ? 'ruby' : 'php'
  return [...pageRules, ...own, ...(builtInRules(stack) ?? [])]
}

/** Without what Banyan says of the request to whoever asked it to. */
const linesOf = (headers: Readonly<Record<string, string | readonly string[]>>): string[] =>
  Object.entries(headers)
    .filter(([name]) => !name.startsWith('x-banyan-'))
    .flatMap(([name, value]) => [value].flat().flatMap((line) => [name, line]))

const observe = (from: Target, { status, headers, text }: Answer): Observation =>
  observed(from, { status, headers: linesOf(headers), body: text })

const told = ({ path, kind, legacy, modern }: Difference): string =>
  `  ${path === '' ? '(the whole body)' : path}: ${kind}: ${legacy ?? 'nothing'} | ${modern ?? 'nothing'}`

/**
 * Throws an AssertionError that names each place, what kind of difference is there, and both values,
 * unless a client could take one answer for the other.
 *
 * @param one what legacy answered
 */
export const assertAlike = (one: Answer, other: Answer, about: Scenario): void => {
  const { outcome, reason, differences } = compare(
    observe('legacy', one),
    observe('modern', other),
    rulesOf(about),
    { route: about.route },
  )
  if (outcome === 'identical' || outcome === 'equivalent') return
  const lines = differences.map(told).join('\n')
  assert.fail(`${outcome}${reason === null ? '' : ` (${reason})`}, legacy | the other:\n${lines}`)
}

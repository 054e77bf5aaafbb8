/** A rule as a value of the config: any map here; checks/rules.ts judges it key by key. */
import { type Verb, verbNames } from '../compare/rule.ts'
import { optionsOf } from '../compare/rule-options.ts'
import type { WrittenRule } from './cutover-config.ts'
import { type Kind, wrongType } from './kinds.ts'

type JsonSchema = Readonly<Record<string, unknown>>

const text: JsonSchema = { type: 'string', minLength: 1 }
const texts: JsonSchema = { anyOf: [text, { type: 'array', items: text }] }

const heads: JsonSchema = {
  why: text,
  owner: text,
  expires: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' },
  when: {
    type: 'object',
    properties: { route: texts, status: texts, type: texts },
    additionalProperties: false,
  },
}

const schemaOf = (verb: Verb): JsonSchema => {
  const { options, required } = optionsOf[verb]
  const given = Object.entries(options).map(([name, { written }]) => [name, written] as const)
  return {
    type: 'object',
    properties: { [verb]: text, ...Object.fromEntries(given), ...heads },
    required: [verb, 'why', ...required],
    additionalProperties: false,
  }
}

export const writtenRule: Kind<WrittenRule> = {
  read: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as WrittenRule)
      : wrongType('a ruleset or a rule like { ignore: /field, why: "…" }', value),
  written: { oneOf: verbNames.map(schemaOf) },
  id: 'rule',
}

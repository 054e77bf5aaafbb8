/**
 * What is known of how PHP, Ruby and MySQL drivers write values, as rules. Off unless a config names
 * them; every difference that they overlook is counted under the rule's id.
 */
import type { Rule } from './rule.ts'
import { parseRules } from './rules.ts'

type WrittenRule = Readonly<Record<string, unknown>> & { readonly why: string }

// biome-ignore format: a table reads best as a table
export const builtInRulesets: Readonly<Record<RulesetName, readonly WrittenRule[]>> = {
  php: [
    { coerce: '/**', between: 'emptyMap', why: 'PHP writes an empty map as []' },
    { spelling: '/**', why: 'PHP writes 1.0 as 1, 1e25 as 1.0e+25 and -0.0 as -0' },
    { coerce: '/**', between: 'phpDateTime', why: 'json_encode of a DateTime is an object of date and zone' },
    { ignore: 'header:set-cookie/PHPSESSID/value', why: 'every session has an id of its own' },
    { ignore: 'header:set-cookie/XSRF-TOKEN/value', why: 'every session has a token of its own' },
    { ignore: 'header:set-cookie/laravel_session/value', why: 'encrypted with a nonce of its own' },
    { expect: 'header:expires', legacy: 'Thu, 19 Nov 1981 08:52:00 GMT', why: 'session_start() sends it by default' },
    { expect: 'header:cache-control', legacy: 'no-store, no-cache, must-revalidate', why: 'session_start() sends it by default' },
    { expect: 'header:pragma', legacy: 'no-cache', why: 'session_start() sends it by default' },
    { ignore: '/**/input[name=_token]/@value', why: 'every session has a token of its own' },
    { ignore: '/**/input[name=csrf_token]/@value', why: 'every session has a token of its own' },
    { ignore: '/**/meta[name=csrf-token]/@content', why: 'every session has a token of its own' },
    { ignore: '/**/@nonce', why: 'every page has a nonce of its own' },
  ],
  ruby: [
    { spelling: '/**', why: 'Ruby writes 1.0 as 1.0, 1e25 as 1.0e+25 and 1e-7 as 1.0e-07' },
    { time: '/**', precision: 'ms', why: 'Rails writes three digits, Z or +00:00, and cuts the rest' },
    { number: '/**', why: 'a BigDecimal is text without its scale: 12.5 for 12.50' },
    { ignore: '/**/input[name=authenticity_token]/@value', why: 'masked anew for every page' },
    { ignore: '/**/meta[name=csrf-token]/@content', why: 'masked anew for every page' },
    { ignore: '/**/@nonce', why: 'every page has a nonce of its own' },
  ],
  mysql: [
    { coerce: '/**', between: 'numberString', why: 'drivers disagree on DECIMAL, SUM, AVG, BIGINT and YEAR: number or text' },
    { coerce: '/**', between: 'booleanNumber', why: 'TINYINT(1) is a boolean to Sequelize and a number to PHP' },
    { time: '/**', precision: 'ms', zone: 'UTC', why: 'DATETIME(6) loses its microseconds in a JavaScript Date, and has no zone' },
    { spelling: '/**', why: 'a JSON column that is parsed and written again has 1 for 1.0' },
  ],
}

export type RulesetName = 'php' | 'ruby' | 'mysql'

export const rulesetNames: readonly RulesetName[] = Object.keys(builtInRulesets) as RulesetName[]

const isRuleset = (name: string): name is RulesetName => Object.hasOwn(builtInRulesets, name)

/** The rules of a built-in ruleset; null: there is none of this name. */
export const builtInRules = (name: string): readonly Rule[] | null =>
  isRuleset(name) ? parseRules(builtInRulesets[name], name).rules : null

import assert from 'node:assert/strict'
import { type Comparison, compare } from './compare.ts'
import { observed, type PlainAnswer } from './observed.ts'
import type { Rule } from './rule.ts'
import { builtInRules, type RulesetName, rulesetNames } from './rulesets.ts'

type Pair = readonly [legacy: string, modern: string]

/** What a stack is known to write otherwise; pairs that its ruleset excuses, and pairs that it must not. */
interface Fact {
  readonly set: RulesetName
  readonly fact: string
  readonly excused: readonly Pair[]
  readonly kept: readonly Pair[]
}

const php = (date: string, zone = 'UTC'): string =>
  `{"date":"${date}","timezone_type":3,"timezone":"${zone}"}`

// biome-ignore format: a table reads best as a table
const values: readonly Fact[] = [
  { set: 'php', fact: 'an empty map is []',
    excused: [['[]', '{}'], ['{"meta":[]}', '{"meta":{}}']],
    kept: [['[]', '{"a":1}'], ['[]', 'null'], ['[]', '""'], ['{"0":1,"2":3}', '[1,3]']] },
  { set: 'php', fact: 'floats have a spelling of their own',
    excused: [['1', '1.0'], ['1.0e+25', '1e+25'], ['1.0e-7', '1e-7'], ['-0', '0'], ['0.10000000000000001', '0.1']],
    kept: [['1.0e+25', '1e+24'], ['0.1', '0.10000000149011612'], ['1', '"1"'], ['9007199254740993', '9007199254740992']] },
  { set: 'php', fact: 'a DateTime is an object',
    excused: [[php('2020-01-02 03:04:05.000000'), '"2020-01-02T03:04:05.000Z"'], [php('2020-07-02 03:04:05.678901', 'Europe/Berlin'), '"2020-07-02T01:04:05.678Z"']],
    kept: [[php('2020-01-02 03:04:05.000000', 'Europe/Berlin'), '"2020-01-02T03:04:05.000Z"'], [php('2020-01-02 03:04:05.000000'), '"2020-01-02 03:04:05"'], ['"2020-01-02 03:04:05"', '"2020-01-02T03:04:05Z"']] },
  { set: 'php', fact: 'JSON_NUMERIC_CHECK makes numbers of texts',
    excused: [], kept: [['1234', '"01234"'], ['1234', '"1234"']] },
  { set: 'php', fact: 'json_encode gives up on bad UTF-8',
    excused: [], kept: [['', '{"a":1}'], ['false', '{"a":1}'], ['{"a":null}', '{"a":"\ufffd"}']] },
  { set: 'ruby', fact: 'floats have a spelling of their own',
    excused: [['1.0', '1'], ['1.0e+25', '1e+25'], ['1.0e-07', '1e-7']],
    kept: [['1.0', '1.5'], ['1.0', '"1"'], ['1.0e-07', '1e-8']] },
  { set: 'ruby', fact: 'times are cut to milliseconds, in Z or with an offset',
    excused: [['"2020-01-02T03:04:05.123Z"', '"2020-01-02T03:04:05.123456Z"'], ['"2020-01-02T03:04:05.000+00:00"', '"2020-01-02T03:04:05.000Z"'], ['"2020-01-02T05:04:05.000+02:00"', '"2020-01-02T03:04:05Z"'], ['"1970-01-01 00:00:00 UTC"', '"1970-01-01T00:00:00.000Z"']],
    kept: [['"2020-01-02T03:04:05.123Z"', '"2020-01-02T03:04:05.124Z"'], ['"2020-01-02T03:04:05Z"', '"2020-01-02T03:04:05"'], ['"2020-01-02T05:04:05.000+02:00"', '"2020-01-02T05:04:05.000Z"'], ['"2020-01-02T03:04:05Z"', '1577934245'], ['"2020-01-02T03:04:05Z"', 'null']] },
  { set: 'ruby', fact: 'a BigDecimal is text without its scale',
    excused: [['"12.5"', '"12.50"'], ['"0.125e2"', '"12.50"']],
    kept: [['"12.5"', '"12.51"'], ['"12.5"', '12.5'], ['"12.5"', '"12.5 "'], ['"012.5"', '"12.5"']] },
  { set: 'ruby', fact: 'NaN is null', excused: [], kept: [['null', '"NaN"'], ['null', '0']] },
  { set: 'mysql', fact: 'DECIMAL, SUM, AVG and YEAR are text or numbers',
    excused: [['"12.50"', '12.5'], ['"2020"', '2020'], ['7', '"7"']],
    kept: [['"12.50"', '12.51'], ['"12.50"', '"12.5"'], ['"0012"', '12'], ['"12 "', '12'], ['""', '0']] },
  { set: 'mysql', fact: 'BIGINT loses digits in a double',
    excused: [['"9007199254740993"', '9007199254740993']],
    kept: [['9007199254740993', '9007199254740992'], ['"9007199254740993"', '9007199254740992'], ['"9007199254740993"', '"9007199254740992"']] },
  { set: 'mysql', fact: 'a prepared FLOAT shows its double', excused: [], kept: [['0.1', '0.10000000149011612']] },
  { set: 'mysql', fact: 'BIT is a Buffer', excused: [], kept: [['1', '{"type":"Buffer","data":[1]}']] },
  { set: 'mysql', fact: 'a JSON column is parsed', excused: [['[1.0]', '[1]']], kept: [['[1.0]', '[1.5]'], ['"[1.0]"', '[1]']] },
  { set: 'mysql', fact: 'TINYINT(1) is a boolean',
    excused: [['1', 'true'], ['"0"', 'false']],
    kept: [['2', 'true'], ['1', 'false'], ['""', 'false'], ['null', 'false'], ['"true"', 'true']] },
  { set: 'mysql', fact: 'DATETIME(6) has no zone and loses its microseconds',
    excused: [['"2020-01-02 03:04:05.678901"', '"2020-01-02T03:04:05.678Z"'], ['"2020-01-02 03:04:05"', '"2020-01-02T03:04:05.000Z"']],
    kept: [['"2020-01-02 03:04:05.678901"', '"2020-01-02T03:04:05.679Z"'], ['"2020-01-02 03:04:05"', '"2020-01-02T02:04:05.000Z"'], ['"2020-01-02"', '"2020-01-02T00:00:00.000Z"'], ['"0000-00-00 00:00:00"', 'null']] },
]

const meta = (name: string, token: string): string => `<meta name="${name}" content="${token}">`
const input = (name: string, token: string): string => `<input name="${name}" value="${token}">`
const nonce = (token: string): string => `<script nonce="${token}">a()</script>`

const token = (set: RulesetName, fact: string, page: (token: string) => string): Fact => ({
  set,
  fact,
  excused: [[page('a1b2c3'), page('d4e5f6')]],
  kept: [
    [page('a1b2c3'), page('')],
    [page('a1b2c3'), '<p></p>'],
  ],
})

const pages: readonly Fact[] = [
  token('php', '_token is new for every session', (text) => input('_token', text)),
  token('php', 'csrf_token is new for every session', (text) => input('csrf_token', text)),
  token('php', 'csrf-token is new for every session', (text) => meta('csrf-token', text)),
  token('php', 'a nonce is new for every page', nonce),
  token('ruby', 'authenticity_token is masked', (text) => input('authenticity_token', text)),
  token('ruby', 'csrf-token is masked', (text) => meta('csrf-token', text)),
  token('ruby', 'a nonce is new for every page', nonce),
]

const judged = (
  [legacy, modern]: Pair,
  answer: (text: string) => PlainAnswer,
  rules: readonly Rule[] = [],
): Comparison =>
  compare(observed('legacy', answer(legacy)), observed('modern', answer(modern)), rules)

const holds = ({ set, fact, excused, kept }: Fact, answer: (text: string) => PlainAnswer): void => {
  const rules = builtInRules(set) ?? []
  for (const pair of excused)
    it(`${set}: ${fact}: ${pair.join(' → ')} is equivalent, and a difference without it`, () => {
      assert.equal(judged(pair, answer).outcome, 'mismatch')
      const { outcome, excused: by } = judged(pair, answer, rules)
      assert.equal(outcome, 'equivalent')
      assert.ok(by.length > 0 && by.every(({ rule }) => rule.startsWith(`${set}#`)))
    })
  for (const pair of kept)
    it(`${set}: ${fact}: ${pair.join(' → ')} stays a difference`, () => {
      assert.equal(judged(pair, answer, rules).outcome, 'mismatch')
    })
}

const typed =
  (type: string) =>
  (body: string): PlainAnswer => ({ headers: ['Content-Type', type], body })

describe('the built-in rulesets', () => {
  for (const fact of values) holds(fact, typed('application/json'))
  for (const fact of pages) holds(fact, typed('text/html'))

  for (const set of [null, ...rulesetNames])
    it(`need no rule for escapes, with ${set ?? 'none'}`, () => {
      const pair = ['"\\u00e9\\/\\ud83d\\ude00\\u003c\\u2028"', '"é/😀<\u2028"'] as const
      const rules = set === null ? [] : (builtInRules(set) ?? [])
      assert.deepEqual(judged(pair, typed('application/json'), rules).excused, [])
      assert.equal(judged(pair, typed('application/json'), rules).outcome, 'equivalent')
    })

  it('take a text that became a number for breaking', () => {
    const numeric = judged(
      ['1234', '"01234"'],
      typed('application/json'),
      builtInRules('php') ?? [],
    )
    assert.equal(numeric.severity, 'breaking')
  })
})

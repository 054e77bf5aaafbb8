import assert from 'node:assert/strict'
import { readPage, tableRows } from '../telemetry/reference-page.ts'
import { coercions } from './coerce.ts'
import { differenceKinds, kinds } from './difference.ts'
import { ignoredHeaders } from './header-kinds.ts'
import { inconclusiveReasons, outcomes } from './outcome.ts'
import { verbNames } from './rule.ts'
import { lintFindings } from './rule-lint.ts'
import { optionsOf } from './rule-options.ts'
import { builtInRulesets } from './rulesets.ts'
import { shapeNames } from './shape.ts'

const plain = (text: string): string => text.replaceAll('`', '').replaceAll('\\|', '|')

const pairs = (table: Readonly<Record<string, string>>): string[][] =>
  Object.entries(table).map(([name, means]) => [name, plain(means)])

describe('docs/reference/outcomes.md', () => {
  const page = readPage('reference/outcomes.md')

  it('carries every outcome and every reason as the code has it, and no other', () => {
    assert.deepEqual(tableRows(page, ['outcome', 'when']), pairs(outcomes))
    assert.deepEqual(tableRows(page, ['reason', 'when']), pairs(inconclusiveReasons))
  })

  it('carries every kind of difference with its severity', () => {
    assert.deepEqual(
      tableRows(page, ['kind', 'severity']),
      differenceKinds.map((kind) => [kind, kinds[kind].severity, plain(kinds[kind].means)]),
    )
  })
})

describe('docs/reference/rules.md', () => {
  const page = readPage('reference/rules.md')

  it('carries every verb with its options', () => {
    assert.deepEqual(
      tableRows(page, ['verb', 'options']).map((row) => row.slice(0, 2)),
      verbNames.map((verb) => [verb, Object.keys(optionsOf[verb].options).join(', ') || '–']),
    )
  })

  it('carries every coercion and every shape', () => {
    assert.deepEqual(
      tableRows(page, ['between']).map(([name]) => name),
      [...coercions],
    )
    const listed = /^Shapes for `is`: ([^.]+)\.$/m.exec(page)?.[1]
    assert.equal(listed?.replace(/\s+/g, ' '), shapeNames.map((name) => `\`${name}\``).join(', '))
  })

  it('carries every built-in rule', () => {
    const expected = Object.entries(builtInRulesets).flatMap(([name, rules]) =>
      rules.map(({ why, ...rule }, at) => [
        `${name}#${at + 1}`,
        Object.entries(rule)
          .map(([key, value]) => `${key}: ${String(value)}`)
          .join(', '),
        plain(why),
      ]),
    )
    assert.deepEqual(tableRows(page, ['id', 'rule']), expected)
  })

  it('carries every finding of the linter and every field that is left out', () => {
    assert.deepEqual(tableRows(page, ['finding']), pairs(lintFindings))
    assert.deepEqual(tableRows(page, ['field', 'why']), pairs(ignoredHeaders))
  })
})

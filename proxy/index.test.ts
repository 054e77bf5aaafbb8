import assert from 'node:assert/strict'
import { observed } from './compare/observed.ts'
import {
  builtInRules,
  compare,
  confirm,
  createNoiseLedger,
  lintRules,
  needsRepeat,
  rulesetNames,
  rulesOf,
  suggestedRules,
  suggestRules,
} from './index.ts'

const answer = (from: 'legacy' | 'modern', body: string) =>
  observed(from, { headers: ['Content-Type', 'application/json'], body })

const own = { ignore: '/at', why: 'a clock' }

describe('the engine of comparisons, as the package exports it', () => {
  it('resolves the names of rulesets, compares by their rules and judges them', () => {
    const rules = rulesOf({ rulesets: { base: ['php', own] } }, { id: 'a', compare: ['base', own] })
    const { outcome, excused } = compare(
      answer('legacy', '{"map":[],"at":1}'),
      answer('modern', '{"map":{},"at":2}'),
      rules,
    )
    assert.equal(outcome, 'equivalent')
    assert.deepEqual(
      excused.map(({ rule }) => rule),
      ['php#1', 'base#2'],
    )
    const lints = lintRules({ rules, uses: new Map(), places: [], today: '2026-06-15' })
    assert.deepEqual(lints, [{ rule: 'a#2', finding: 'covered', about: ['base#2'] }])
    assert.ok(rulesetNames.every((name) => builtInRules(name) !== null))
  })

  it('tells by repeats what is noise, learns it and suggests a rule for it', () => {
    const ledger = createNoiseLedger()
    for (let at = 1; at <= 3; at++) {
      const [legacy, modern] = [
        answer('legacy', `{"at":${at}1}`),
        answer('modern', `{"at":${at}2}`),
      ]
      assert.ok(needsRepeat(compare(legacy, modern)))
      const legacyAgain = answer('legacy', `{"at":${at}3}`)
      const modernAgain = answer('modern', `{"at":${at}4}`)
      const found = confirm({ legacy, modern, legacyAgain, modernAgain }, [])
      assert.equal(found.outcome, 'noise')
      ledger.learn(found.noise)
    }
    const yaml = suggestRules('a', suggestedRules(ledger.counts(), ledger.repeats()))
    assert.match(yaml, /- \{ "?ignore"?: "\/at"/)
  })
})

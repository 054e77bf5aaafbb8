import assert from 'node:assert/strict'
import { createKnownFacts } from './known-facts.ts'

describe('what is known of tables', () => {
  it('is kept for a while', () => {
    const facts = createKnownFacts(60_000)
    assert.equal(facts(), facts())
  })

  it('is forgotten after it', () => {
    const facts = createKnownFacts(-1)
    assert.notEqual(facts(), facts())
  })
})

import assert from 'node:assert/strict'
import { spellingsOf } from './spellings.ts'

describe('spellingsOf', () => {
  it('writes a path in 96 ways', () => {
    const spellings = spellingsOf('/admin')
    assert.equal(spellings.length, 96)
    assert.equal(new Set(spellings).size, 96)
  })

  it('writes only what can be sent as a request target', () => {
    for (const spelling of spellingsOf('/api/Articles/x'))
      assert.match(spelling, /^\/[!-"$->@-~]*$/)
  })

  it('leaves the path itself out', () => {
    assert.ok(!spellingsOf('/ADMIN').includes('/ADMIN'))
  })
})

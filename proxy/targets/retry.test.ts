import assert from 'node:assert/strict'
import { wholeBody } from './body.ts'
import { inbound } from './conformance/exchange.ts'
import { createRetryBudget, type Retry, retryAfter, type Sending } from './retry.ts'
import { wireFailure } from './wire-failure.ts'

const errorOf = (code: string): Error => Object.assign(new Error(code), { code })
const post = inbound({ method: 'POST', body: wholeBody(Buffer.from('x')) })

describe('retryAfter', () => {
  const fresh = { isSent: true, isReused: false, isHeard: false, isRenewed: false }
  const unsent = { ...fresh, isSent: false }
  const reused = { ...fresh, isReused: true }
  // biome-ignore format: a table reads best as a table
  const table: readonly (readonly [string, Partial<Sending>, string, Retry | null])[] = [
    ['sends what was refused elsewhere',                   unsent,                             'ECONNREFUSED', 'elsewhere'],
    ['sends a write that was refused elsewhere',           { ...unsent, request: post },       'ECONNREFUSED', 'elsewhere'],
    ['sends what found no way elsewhere',                  unsent,                             'EHOSTUNREACH', 'elsewhere'],
    ['does not blame the address for a lack of files',     unsent,                             'EMFILE',       null],
    ['does not blame the address for a bad request',       unsent,                             'UND_ERR_INVALID_ARG', null],
    ['renews a kept connection that was closed',           reused,                             'ECONNRESET',   'renew'],
    ['renews it once',                                     { ...reused, isRenewed: true },     'ECONNRESET',   'elsewhere'],
    ['sends a GET that a fresh connection broke elsewhere', fresh,                             'ECONNRESET',   'elsewhere'],
    ['sends no write again that may have come through',    { ...reused, request: post },       'ECONNRESET',   null],
    ['sends no POST again for want of a body',             { ...reused, request: inbound({ method: 'POST' }) }, 'ECONNRESET', null],
    ['sends no GET with a body again',                     { ...reused, request: { ...post, method: 'GET' } }, 'ECONNRESET', null],
    ['sends nothing again once an answer has begun',       { ...reused, isHeard: true },       'ECONNRESET',   null],
    ['sends nothing again for an answer that is no HTTP',  fresh,                              'http_protocol_error', null],
  ]
  for (const [title, about, code, wanted] of table) {
    it(title, () => {
      const sending = { request: inbound(), ...fresh, ...about }
      const error = errorOf(code)
      const progress = { from: 'legacy', hasHead: false, isTls: false } as const
      const why = wireFailure(error, { ...progress, hasBegun: sending.isSent })
      assert.equal(retryAfter(sending, error, why), wanted)
    })
  }
})

describe('createRetryBudget', () => {
  const taken = (budget: { take(): boolean }, times: number): number =>
    Array.from({ length: times }, () => budget.take()).filter(Boolean).length

  it('has ten to begin with, then a share of the requests', () => {
    const budget = createRetryBudget(2_000)
    assert.equal(taken(budget, 50), 10)
    for (let each = 0; each < 26; each += 1) budget.request()
    assert.equal(taken(budget, 50), 5)
    for (let each = 0; each < 1_000; each += 1) budget.request()
    assert.equal(taken(budget, 50), 10)
  })

  it('has none where the share is 0%', () => {
    const budget = createRetryBudget(0)
    budget.request()
    assert.equal(budget.take(), false)
  })
})

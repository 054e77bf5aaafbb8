import assert from 'node:assert/strict'
import { wholeBody } from '../targets/body.ts'
import { plainRequest } from './plain-exchange.ts'
import { withTiming } from './timing.ts'

const outlook = { early: () => {}, onAbort: () => {} }

describe('timing', () => {
  it('writes into the answer what the target took', async () => {
    const answer = {
      from: 'legacy' as const,
      status: 200,
      reason: '',
      headers: [],
      body: wholeBody(new Uint8Array(0)),
      failure: null,
      instead: null,
    }
    const times = [100, 142]
    const send = withTiming(
      async () => answer,
      () => times.shift() ?? 0,
    )
    const timed = await send(plainRequest(), outlook)
    assert.equal(timed.targetMs, 42)
    assert.equal(timed.body, answer.body)
  })

  it('lets a failure pass as it is', async () => {
    const why = new Error('refused')
    const send = withTiming(() => Promise.reject(why))
    await assert.rejects(send(plainRequest(), outlook), why)
  })
})

import { strict as assert } from 'node:assert'
import { type Breaker, withBreaker } from './breaker.ts'
import { addressResult, type CallResult, modernResult } from './call-result.ts'
import { refused } from './conformance/behaviour.ts'
import { createBench, openBench } from './conformance/breaker-bench.ts'
import { createOutlook, createPump, inbound } from './conformance/exchange.ts'
import { failure } from './failure.ts'
import { scripted } from './scripted.ts'
import type { Failure } from './send.ts'

describe('withBreaker', () => {
  const answering = (status: number) =>
    scripted('modern', (play) => {
      play.head(status)
      play.end()
    })

  it('passes every call through, also when it is open', async () => {
    const { breaker } = await openBench()
    const send = withBreaker(answering(500), breaker, modernResult)
    assert.equal((await send(inbound(), createOutlook())).status, 500)
    breaker.close()
  })

  it('reads a 5xx as failed but passes it on whole', async () => {
    const { breaker } = createBench()
    const send = withBreaker(answering(502), breaker, modernResult)
    for (let each = 0; each < 4; each++) {
      const { status, failure: why } = await send(inbound(), createOutlook())
      assert.deepEqual([status, why], [502, null])
    }
    await new Promise(setImmediate)
    assert.equal(breaker.state(), 'open')
    breaker.close()
  })

  it('does not time a call whose upload still arrives', async () => {
    const seen: (boolean | undefined)[] = []
    const { breaker } = createBench()
    const spy: Breaker = { ...breaker, record: (_, __, isTimed) => void seen.push(isTimed) }
    const send = withBreaker(answering(200), spy, modernResult)
    await send(inbound(), createOutlook())
    await send(inbound({ body: createPump(Buffer.alloc(1), 2).body }), createOutlook())
    assert.deepEqual(seen, [true, false])
    breaker.close()
  })

  const table: readonly (readonly [number | Failure, CallResult, CallResult])[] = [
    [200, 'passed', 'passed'],
    [404, 'passed', 'passed'],
    [501, 'passed', 'passed'],
    [500, 'failed', 'passed'],
    [failure('http_response_timeout', 'modern', 'unknown'), 'failed', 'failed'],
    [failure('connection_refused', 'legacy', 'none'), 'failed', 'failed'],
    [failure('handler_missing', 'modern', 'none'), 'failed', 'failed'],
    [failure('client_gone', 'client', 'unknown'), 'neutral', 'neutral'],
    [failure('connection_limit_reached', 'legacy', 'none'), 'neutral', 'neutral'],
    [failure('destination_unavailable', 'modern', 'none'), 'neutral', 'neutral'],
    [failure('proxy_internal_error', 'banyan', 'unknown'), 'neutral', 'neutral'],
  ]
  for (const [outcome, modern, address] of table) {
    const name = typeof outcome === 'number' ? `answer ${outcome}` : outcome.code
    it(`reads ${name} as ${modern} for a route, ${address} for an address`, async () => {
      const seen: CallResult[] = []
      for (const reader of [modernResult, addressResult]) {
        const { breaker } = createBench()
        const spy: Breaker = { ...breaker, record: (_, result) => void seen.push(result) }
        if (typeof outcome === 'number') {
          await withBreaker(answering(outcome), spy, reader)(inbound(), createOutlook())
        } else {
          const failing = withBreaker(() => Promise.reject(outcome), spy, reader)
          assert.equal(await refused(failing(inbound(), createOutlook())), outcome)
        }
        breaker.close()
      }
      assert.deepEqual(seen, [modern, address])
    })
  }
})

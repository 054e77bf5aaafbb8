import { strict as assert } from 'node:assert'
import type { Effects } from '../config/config.ts'
import type { FallbackCause } from '../errors.ts'
import { wholeBody } from './body.ts'
import { refused } from './conformance/behaviour.ts'
import { createOutlook, createPump, drink, inbound } from './conformance/exchange.ts'
import { failure } from './failure.ts'
import { type FallbackPolicy, withFallback } from './fallback.ts'
import { createFallbackBudget } from './fallback-budget.ts'
import { scripted } from './scripted.ts'
import type { Failure, InboundRequest, Send, TargetResponse } from './send.ts'

const causes: readonly FallbackCause[] = [
  ...(['notSent', 'breakerOpen', 'bulkheadFull'] as const),
  ...(['timeout', 'reset', '5xx'] as const),
]

const failing = (why: Failure): Send =>
  scripted('modern', () => {
    throw why
  })
const answering = (from: 'modern' | 'legacy', status: number, text = 'text'): Send =>
  scripted(from, async (play) => {
    play.head(status, ['X-From', from])
    await play.write(Buffer.from(text))
    play.end()
  })

const policyOf = (about: Partial<FallbackPolicy> = {}): FallbackPolicy => ({
  from: 'modern',
  effects: 'read',
  on: causes,
  totalMs: 60_000,
  budget: createFallbackBudget(() => 0),
  now: () => performance.now(),
  ...about,
})

const ask = (
  primary: Send,
  about: Partial<FallbackPolicy> = {},
  request: Partial<InboundRequest> = {},
  fallback: Send = answering('legacy', 200),
): Promise<TargetResponse> =>
  withFallback(primary, fallback, policyOf(about))(inbound(request), createOutlook())

/** Each first attempt, and the effects for which a second one may follow. */
const table: readonly (readonly [string, Send, readonly Effects[]])[] = [
  [
    'handler missing',
    failing(failure('handler_missing', 'modern', 'none')),
    ['read', 'idempotentWrite', 'write'],
  ],
  [
    'breaker open',
    failing(failure('breaker_open', 'banyan', 'none')),
    ['read', 'idempotentWrite', 'write'],
  ],
  [
    'bulkhead full',
    failing(failure('connection_limit_reached', 'banyan', 'none')),
    ['read', 'idempotentWrite', 'write'],
  ],
  [
    'connection refused',
    failing(failure('connection_refused', 'modern', 'none')),
    ['read', 'idempotentWrite', 'write'],
  ],
  [
    'not processed',
    failing(failure('destination_unavailable', 'modern', 'none')),
    ['read', 'idempotentWrite', 'write'],
  ],
  ['refused, but no proof', failing(failure('connection_refused', 'modern', 'unknown')), ['read']],
  ['a timeout', failing(failure('http_response_timeout', 'modern', 'unknown')), ['read']],
  ['a reset', failing(failure('connection_terminated', 'modern', 'unknown')), ['read']],
  ['a handler that fails', failing(failure('handler_failed', 'modern', 'unknown')), ['read']],
  ['a 500', answering('modern', 500), ['read']],
  ['a 404', answering('modern', 404), []],
  ['a client that left', failing(failure('client_gone', 'client', 'unknown')), []],
  ['a bug of the engine', failing(failure('proxy_internal_error', 'banyan', 'unknown')), []],
]

describe('withFallback', () => {
  for (const [name, primary, allowed] of table) {
    it(`after ${name} asks the fallback for ${allowed.join(', ') || 'nobody'}`, async () => {
      for (const effects of ['read', 'idempotentWrite', 'write', null] as const) {
        const answer = await ask(primary, { effects }).catch(() => null)
        const expected = effects !== null && allowed.includes(effects)
        const isProven = allowed.includes('write')
        assert.equal(
          answer?.from === 'legacy',
          expected || (effects === null && isProven),
          String(effects),
        )
      }
    })
  }

  it('falls back on nothing that the route does not name', async () => {
    for (const [, primary] of table) {
      const answer = await ask(primary, { on: [] }).catch(() => null)
      assert.notEqual(answer?.from, 'legacy')
    }
  })

  it('leaves a good answer alone', async () => {
    const answer = await ask(answering('modern', 200, 'fine'))
    assert.deepEqual([answer.from, answer.instead], ['modern', null])
    assert.equal(String(await drink(answer.body)), 'fine')
  })

  it('carries the attempt that failed as a frozen observation', async () => {
    const why = failure('http_response_timeout', 'modern', 'unknown')
    const { instead } = await ask(failing(why))
    assert.ok(instead !== null && Object.isFrozen(instead) && Object.isFrozen(instead.body))
    assert.deepEqual([instead.from, instead.status, instead.headMs], ['modern', null, null])
    assert.equal(instead.failure, why)
    assert.ok(instead.totalMs >= 0)
  })

  it('carries the 5xx that it did not pass on, and stops its body', async () => {
    let stopped: () => void = () => {}
    const stop = new Promise<void>((resolve) => {
      stopped = resolve
    })
    const endless = scripted('modern', async (play) => {
      play.head(503, ['X-Why', 'full'])
      while (await play.write(Buffer.alloc(16_384))) {}
      stopped()
    })
    const { status, instead } = await ask(endless)
    assert.deepEqual([status, instead?.status, instead?.failure], [200, 503, null])
    assert.deepEqual(instead?.headers, ['X-Why', 'full'])
    await stop
  })

  it('answers itself when both attempts fail, and still tells of the first', async () => {
    const second = failure('connection_refused', 'legacy', 'none')
    const fallback: Send = () => Promise.reject(second)
    const primary = failing(failure('handler_missing', 'modern', 'none'))
    const answer = await ask(primary, {}, {}, fallback)
    assert.deepEqual([answer.from, answer.status, answer.failure], ['banyan', 502, second])
    assert.equal(answer.instead?.failure?.code, 'handler_missing')
  })

  const uploads: Readonly<Record<string, readonly [() => InboundRequest['body'], boolean]>> = {
    'no upload': [() => null, true],
    'an upload that is all here': [() => wholeBody(Buffer.from('all')), true],
    'an upload that nobody has opened': [() => createPump(Buffer.alloc(9), 3, false).body, true],
    'an upload that has begun to flow': [
      () => {
        const { body } = createPump(Buffer.alloc(9), 3, false)
        body.flow({ write: () => true, end() {}, fail() {} })
        return body
      },
      false,
    ],
  }
  for (const [name, [make, expected]] of Object.entries(uploads)) {
    it(`${expected ? 'falls back' : 'does not fall back'} with ${name}`, async () => {
      const echo = scripted('legacy', async (play) => {
        for await (const _ of play.upload) {
        }
        play.head(200)
        play.end()
      })
      const primary = failing(failure('handler_missing', 'modern', 'none'))
      const outcome = await ask(primary, {}, { body: make() }, echo).catch(() => null)
      assert.equal(outcome?.from === 'legacy', expected)
    })
  }

  it('does not begin a second attempt in the last quarter of the time', async () => {
    const why = failure('http_response_timeout', 'modern', 'unknown')
    for (const [nowMs, expected] of [
      [750, true],
      [751, false],
    ] as const) {
      const about = { totalMs: 1_000, now: () => nowMs }
      const answer = await ask(failing(why), about, { receivedMs: 0 }).catch(() => null)
      assert.equal(answer !== null, expected)
    }
  })

  it('repeats no more than its budget, and diverts without limit what was never sent', async () => {
    const budget = createFallbackBudget(() => 0)
    const why = failure('http_response_timeout', 'modern', 'unknown')
    for (let each = 0; each < 10; each++) await ask(failing(why), { budget })
    assert.equal((await refused(ask(failing(why), { budget }))).code, 'http_response_timeout')
    const missing = failing(failure('handler_missing', 'modern', 'none'))
    assert.equal((await ask(missing, { budget })).from, 'legacy')
  })
})

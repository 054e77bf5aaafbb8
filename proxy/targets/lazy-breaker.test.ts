import { deepEqual, equal } from 'node:assert/strict'
import type { Breaker, BreakerState } from './breaker.ts'
import { createLazyBreaker } from './lazy-breaker.ts'

describe('createLazyBreaker', () => {
  let calls: string[]
  let state: BreakerState
  let breaker: Breaker
  const told =
    <Result>(name: string, result: Result) =>
    (): Result => {
      calls.push(name)
      return result
    }
  beforeEach(() => {
    calls = []
    state = 'open'
    breaker = createLazyBreaker(() => {
      calls.push('make')
      return {
        state: () => state,
        blocks: () => state === 'open',
        begin: told('begin', { era: 3, startedMs: 7 }),
        record: told('record', undefined),
        recordLate: told('recordLate', undefined),
        close: told('close', undefined),
      }
    })
  })

  it('is closed, and nothing is made, until its first call', () => {
    deepEqual([breaker.state(), breaker.blocks()], ['closed', false])
    breaker.close()
    deepEqual(calls, [])
  })

  it('is what was made from its first call on', () => {
    deepEqual(breaker.begin(), { era: 3, startedMs: 7 })
    deepEqual([breaker.state(), breaker.blocks()], ['open', true])
    breaker.record({ era: 3, startedMs: 7 }, 'passed')
    breaker.recordLate()
    breaker.close()
    deepEqual(calls, ['make', 'begin', 'record', 'recordLate', 'close'])
    equal(breaker.state(), 'open')
  })

  it('leaves no timer behind for a call that comes after its end', () => {
    breaker.close()
    breaker.begin()
    deepEqual(calls, ['make', 'close', 'begin'])
  })
})

import assert from 'node:assert/strict'
import type { Outcome } from '../compare/outcome.ts'
import { createSampler } from './sampler.ts'

const route = (sampleBp: number, id = 'a.b', epoch = 'e') => ({ route: { id, sampleBp }, epoch })

const told = (outcome: Outcome, epoch = 'e') => ({ route: 'a.b', epoch, shape: 'one', outcome })

/** How many of so many requests of one shape are taken. */
const taken = (sampleBp: number, requests: number): boolean[] => {
  const sampler = createSampler()
  return Array.from({ length: requests }, () => sampler.takes(route(sampleBp), 'one'))
}
const count = (all: readonly boolean[]): number => all.filter(Boolean).length

describe('createSampler', () => {
  for (const bp of [1, 50, 333, 1_000, 5_000, 9_999, 10_000]) {
    it(`takes exactly ${bp} of 10000, in any stretch of requests`, () => {
      const all = taken(bp, 40_000).slice(20_000)
      for (const length of [100, 1_000, 10_000]) {
        for (let from = 0; from + length <= all.length; from += 997) {
          const found = count(all.slice(from, from + length))
          assert.ok(Math.abs(found - (length * bp) / 10_000) <= 1, `${found} of ${length}`)
        }
      }
    })
  }

  it('takes none where the sample is nothing, however new they are', () => {
    const sampler = createSampler()
    assert.ok(!sampler.takes(route(0), 'one'))
    assert.ok(!sampler.takesAhead(route(0)))
  })

  it('takes whatever was not seen before on its route', () => {
    const sampler = createSampler()
    for (let at = 0; at < 100; at += 1) {
      assert.ok(sampler.takes(route(1), `shape ${at}`))
      assert.ok(sampler.takes(route(1, 'c.d'), `shape ${at}`))
      assert.ok(!sampler.takes(route(1), `shape ${at}`))
    }
  })

  it('remembers no more than a thousand shapes, and then takes none for new', () => {
    const sampler = createSampler()
    for (let at = 0; at < 1_000; at += 1) sampler.takes(route(1), `shape ${at}`)
    assert.ok(!sampler.takes(route(1), 'one more'))
  })

  it('tries a shape again whose sample was shed, or told nothing, until one is compared', () => {
    const sampler = createSampler()
    for (const outcome of ['shed', 'inconclusive'] as const) {
      assert.ok(sampler.takes(route(1), 'one'))
      assert.ok(!sampler.takes(route(1), 'one'), 'one is under way')
      sampler.hear(told(outcome))
    }
    sampler.takes(route(1), 'one')
    assert.ok(sampler.takes(route(1), 'one'))
    sampler.hear(told('mismatch'))
    sampler.hear(told('shed'))
    for (let at = 0; at < 100; at += 1) assert.ok(!sampler.takes(route(1), 'one'))
  })

  it('tries a shape that never comes to anything ten times, ever less often', () => {
    const sampler = createSampler()
    const tries: number[] = []
    for (let at = 1; at < 5_000; at += 1) {
      if (!sampler.takes(route(1), 'one')) continue
      tries.push(at)
      sampler.hear(told('shed'))
    }
    assert.deepEqual(tries, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
  })

  it('uses no shape up while nothing is compared: it is tried now and then, and found once that is over', () => {
    const sampler = createSampler()
    const tries = Array.from({ length: 5_000 }, () => {
      const isTried = sampler.takes(route(1), 'one')
      if (isTried) sampler.hear({ ...told('shed'), reason: 'paused' })
      return isTried
    })
    assert.ok(count(tries) < 30, `${count(tries)} tries`)
    const after = Array.from({ length: 512 }, () => sampler.takes(route(1), 'one'))
    assert.equal(count(after), 1)
  })

  it('begins no epoch again for an answer of before a reload', () => {
    const sampler = createSampler()
    sampler.takes(route(1), 'one')
    sampler.takes(route(1, 'a.b', 'f'), 'one')
    sampler.takesAhead(route(1))
    assert.ok(!sampler.takes(route(1, 'a.b', 'f'), 'one'))
  })

  it('takes for unseen what was seen in another epoch alone, and keeps its turns', () => {
    const sampler = createSampler()
    for (let at = 0; at < 1_000; at += 1) sampler.takes(route(1), 'one')
    sampler.hear(told('identical'))
    assert.ok(sampler.takes(route(1, 'a.b', 'f'), 'one'))
    sampler.hear(told('shed', 'e'))
    assert.ok(!sampler.takes(route(1, 'a.b', 'f'), 'one'), 'the older sample says nothing of it')
    const ahead = Array.from({ length: 50 }, () => sampler.takesAhead(route(1, 'a.b', 'f')))
    assert.equal(count(ahead), 8)
  })

  it('takes ten ahead of their turns, and no more until those have come', () => {
    const sampler = createSampler()
    sampler.takes(route(1_000), 'one')
    const ahead = Array.from({ length: 50 }, () => sampler.takesAhead(route(1_000)))
    assert.equal(count(ahead), 9)
    for (let at = 0; at < 10; at += 1) sampler.takes(route(1_000), 'one')
    assert.ok(sampler.takesAhead(route(1_000)))
    assert.ok(!sampler.takesAhead(route(1_000)))
  })

  it('forgets routes that are gone', () => {
    const sampler = createSampler()
    sampler.takes(route(1), 'one')
    sampler.keep(new Set())
    assert.ok(sampler.takes(route(1), 'one'))
  })
})

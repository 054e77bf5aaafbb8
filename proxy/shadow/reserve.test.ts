import assert from 'node:assert/strict'
import { plainConfig } from '../edge/plain-config.ts'
import { plainRoute } from '../routing/plain-route.ts'
import { wholeBody } from '../targets/body.ts'
import type { Body } from '../targets/send.ts'
import { plainDecision, plainObservation, plainRequest } from '../telemetry/plain-exchange.ts'
import { createShadowBudget } from './budget.ts'
import { createReserve } from './reserve.ts'
import { createSampler } from './sampler.ts'
import type { ShadowRoute } from './shadow-route.ts'
import { createShadows } from './shadows.ts'
import { createTurns } from './turns.ts'
import { createUses } from './uses.ts'

const route = plainRoute('lab.any', { stage: 'shadow', sampleBp: 10_000, effects: 'read' })
const decision = plainDecision({ route, shadow: 'modern' })

const unasked = () => Promise.reject(new Error('nothing is compared here'))

const setUp = (plan: Partial<ShadowRoute> = {}) => {
  const [errors, outcomes]: [unknown[], string[]] = [[], []]
  const budget = createShadowBudget({ queue: 10, memoryBytes: 1_000 })
  const shadows = createShadows({
    ...{ budget, turns: createTurns(), sampler: createSampler() },
    comparer: { compare: unasked, record: unasked, waiting: () => 0, close: async () => {} },
    ...{ now: () => 0, random: () => 0.9, refusal: () => null },
    tell: ({ outcome, reason }) => void outcomes.push(`${outcome}:${reason}`),
    guard: (error) => void errors.push(error),
  })
  const uses = createUses()
  const whole: ShadowRoute = {
    ...{ route, epoch: 'e', rules: [], isLegacyBlocked: () => false },
    about: { build: null, rules: null, legacy: null, modern: null },
    targets: { legacy: null, modern: null },
    ...plan,
  }
  const reserve = createReserve({
    ...{ shadows, uses, plans: new Map([[route.id, whole]]) },
    config: { revision: 'r', force: plainConfig({ upstreams: {} }).force },
    ...{ limitBytes: 100, snapshotWaitMs: 0, wallNow: () => 0 },
  })
  return { errors, outcomes, budget, uses, reserve }
}

const fail = (): never => {
  throw new Error('a fault of our own')
}

describe('the place of a shadow', () => {
  it('costs no request its answer when it cannot be taken', () => {
    const { reserve, errors, outcomes, budget } = setUp({ hold: fail })
    assert.equal(reserve(decision, plainRequest()), null)
    assert.deepEqual([errors.length, outcomes], [1, ['inconclusive:compare_failed']])
    assert.equal(budget.waiting, 0)
  })

  it('is given back, and its sample told, when settling fails', async () => {
    const { reserve, errors, outcomes, budget, uses } = setUp()
    const body: Body = wholeBody(Buffer.from('abc'))
    const reservation = reserve(decision, plainRequest({ method: 'POST', body }))
    // Read after the client has its answer.
    Object.defineProperty(body, 'whole', { get: fail })
    reservation?.settle(plainObservation())
    await new Promise((resolve) => uses.end(() => resolve(null)))
    assert.deepEqual([errors.length, outcomes], [1, ['inconclusive:compare_failed']])
    assert.deepEqual([budget.waiting, budget.bytes], [0, 0])
  })

  it('is asked for again by a shape that was shed before anything was seen of it', () => {
    const rare = { ...route, sampleBp: 1 }
    const { reserve, outcomes } = setUp({ route: rare, hold: () => 'lanes_taken' })
    for (let at = 0; at < 3; at++) reserve(decision, plainRequest())
    assert.deepEqual(outcomes, ['shed:lanes_taken', 'shed:lanes_taken'])
  })
})

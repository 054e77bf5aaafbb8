import assert from 'node:assert/strict'
import * as builtIn from '../config/built-in.ts'
import { plainConfig, plainUpstream } from '../edge/plain-config.ts'
import { plainRoute, type RouteChanges } from '../routing/plain-route.ts'
import { createOutlook, inbound } from '../targets/conformance/exchange.ts'
import { createUpstream } from '../targets/upstream.ts'
import { type HandlerLanes, type PlanParts, planRoutes } from './plan-routes.ts'

const php = plainUpstream(['http://127.0.0.1:9'])
const at: RouteChanges = { stage: 'shadow', sampleBp: 10_000 }

const plan = (route: RouteChanges, changes: Partial<PlanParts> = {}) =>
  planRoutes({
    config: plainConfig({ upstreams: { php }, routes: [plainRoute('a.b', { ...at, ...route })] }),
    upstreams: new Map([['php', createUpstream(php, { pseudonym: 'x', now: () => 0 })]]),
    upstreamPlaces: 4,
    lanes: { places: 2, queueMs: 1, within: () => () => Promise.reject(new Error('asked')) },
    build: 'b1',
    handled: null,
    isLegacyBlocked: () => false,
    ...changes,
  }).get('a.b')

const ask = (changes: Partial<PlanParts>) =>
  plan({}, changes)?.targets.modern?.within(1)(inbound({}), createOutlook())

describe('planRoutes', () => {
  it('knows how to ask both targets of a route that is shadowed', () => {
    const { legacy, modern } = plan({})?.targets ?? {}
    assert.deepEqual([legacy?.name, modern?.name], ['upstream:php', 'handlers'])
  })

  const left: readonly RouteChanges[] = [
    { stage: 'legacy' },
    { stage: 'retired' },
    { sampleBp: 0 },
    { effects: null },
    { effects: 'write' },
    { effects: 'idempotentWrite', writes: 'capture' },
    { modern: null },
  ]
  for (const route of left) {
    it(`leaves out ${JSON.stringify(route)}`, () => assert.equal(plan(route), undefined))
  }

  it('leaves out handlers where there are no lanes', () => {
    assert.equal(plan({}, { lanes: null }), undefined)
  })

  it('takes a handler that is not there for missing, not for one that says 404', async () => {
    await assert.rejects(async () => ask({ handled: new Set(['a.b']) }), /asked/)
    await assert.rejects(async () => ask({ handled: new Set(['c.d']) }), {
      code: 'handler_missing',
    })
  })

  it('names another epoch where rules or code are others', () => {
    const epochs = [
      plan({}),
      plan({}, { build: 'b2' }),
      plan({ compare: ['php'] }),
      plan({ compare: [{ ignore: '/at', why: 'clock' }] }),
    ]
    assert.equal(new Set(epochs.map((each) => each?.epoch)).size, 4)
    assert.equal(plan({ sampleBp: 1 })?.epoch, epochs[0]?.epoch)
  })

  it('names another epoch where the route may be repeated: what could not be judged then can be', () => {
    assert.notEqual(plan({ repeatable: true })?.epoch, plan({})?.epoch)
    assert.equal(plan({ repeatable: false })?.epoch, plan({})?.epoch)
  })

  it('names another epoch where handlers may reach what they could not: they answered for want of it', () => {
    const epochOf = (egress: readonly string[], route: RouteChanges = {}) => {
      const routes = [plainRoute('a.b', { ...at, ...route })]
      const shadow = { ...builtIn.shadow, egress }
      return plan({}, { config: plainConfig({ upstreams: { php }, routes, shadow }) })?.epoch
    }
    assert.notEqual(epochOf(['search.internal']), epochOf([]))
    assert.equal(epochOf([]), plan({})?.epoch)
    const elsewhere = { modern: 'php' }
    assert.equal(epochOf(['search.internal'], elsewhere), epochOf([], elsewhere))
  })

  it('names another epoch where writes are caged: what was captured before proves nothing of them', () => {
    const within: HandlerLanes['within'] = () => () => Promise.reject(new Error('asked'))
    const watched = { reading: {}, writing: {} } as NonNullable<HandlerLanes['watched']>
    const lanes = { places: 2, queueMs: 1, within, watched }
    const [captured, caged] = (['capture', 'cage'] as const).map((writes) =>
      plan({ effects: 'write', writes }, { lanes }),
    )
    assert.ok(captured !== undefined && caged !== undefined)
    assert.notEqual(captured.epoch, caged.epoch)
  })
})

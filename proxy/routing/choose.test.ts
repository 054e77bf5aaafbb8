import assert from 'node:assert/strict'
import type { Stage, Target } from '../stage.ts'
import { stages } from '../stage.ts'
import { type Conditions, choose, type Decision } from './choose.ts'
import { plainRoute, type RouteChanges } from './plain-route.ts'

/** What stands between requests, as a few letters: see `worlds`. */
interface World {
  readonly killed?: boolean
  readonly blocked?: Partial<Record<Target, 'breaker' | 'health'>>
  readonly forced?: Target
}
// biome-ignore format: a table reads best as a table
const worlds = {
  calm:          {},
  killed:        { killed: true },
  killedForced:  { killed: true, forced: 'modern' },
  forcedLegacy:  { forced: 'legacy' },
  forcedModern:  { forced: 'modern', blocked: { modern: 'breaker' } },
  modernBlocked: { blocked: { modern: 'breaker' } },
  modernSick:    { blocked: { modern: 'health' } },
  legacyBlocked: { blocked: { legacy: 'breaker' } },
  bothBlocked:   { blocked: { legacy: 'health', modern: 'breaker' } },
} as const satisfies Record<string, World>
type WorldName = keyof typeof worlds

const conditionsOf = (world: World): Conditions => ({
  killed: () => world.killed ?? false,
  blocked: (_, target) => world.blocked?.[target] ?? null,
})

/** `primary>fallback+shadow reason`, and `!` where it does not count. */
const shown = ({ primary, fallback, shadow, reason, counts }: Decision): string =>
  `${primary[0]}>${fallback?.[0] ?? '-'}+${shadow?.[0] ?? '-'} ${reason}${counts ? '' : '!'}`

const decide = (world: WorldName, changes: RouteChanges, headers = ['x-user-id', 'ana']): string =>
  shown(
    choose(
      { headers },
      plainRoute('a.b', { sampleBp: 10_000, ...changes }),
      conditionsOf(worlds[world]),
      (worlds[world] as World).forced ?? null,
    ),
  )

/** Every stage in every world: a read whose caller has the weight, everything sampled. */
// biome-ignore format: a table reads best as a table
const table: Record<Stage, Record<WorldName, string>> = {
  legacy: {
    calm:          'l>-+- stage',    killed:        'l>-+- kill',    killedForced:  'l>-+- kill',
    forcedLegacy:  'l>-+- forced!',  forcedModern:  'm>-+- forced!', modernBlocked: 'l>-+- stage',
    modernSick:    'l>-+- stage',    legacyBlocked: 'l>-+- stage',   bothBlocked:   'l>-+- stage',
  },
  shadow: {
    calm:          'l>-+m stage',    killed:        'l>-+- kill',    killedForced:  'l>-+- kill',
    forcedLegacy:  'l>-+- forced!',  forcedModern:  'm>-+- forced!', modernBlocked: 'l>-+m stage',
    modernSick:    'l>-+m stage',    legacyBlocked: 'l>-+m stage',   bothBlocked:   'l>-+m stage',
  },
  canary: {
    calm:          'm>l+l weight',   killed:        'l>-+- kill',    killedForced:  'l>-+- kill',
    forcedLegacy:  'l>-+- forced!',  forcedModern:  'm>-+- forced!', modernBlocked: 'l>-+- breaker',
    modernSick:    'l>-+- health',   legacyBlocked: 'm>l+l weight',  bothBlocked:   'l>-+- breaker',
  },
  modern: {
    calm:          'm>l+l stage',    killed:        'l>-+- kill',    killedForced:  'l>-+- kill',
    forcedLegacy:  'l>-+- forced!',  forcedModern:  'm>-+- forced!', modernBlocked: 'l>-+- breaker',
    modernSick:    'l>-+- health',   legacyBlocked: 'm>l+l stage',   bothBlocked:   'l>-+- breaker',
  },
  retired: {
    calm:          'm>-+- stage',    killed:        'l>-+- kill',    killedForced:  'l>-+- kill',
    forcedLegacy:  'l>-+- forced!',  forcedModern:  'm>-+- forced!', modernBlocked: 'm>-+- stage',
    modernSick:    'm>-+- stage',    legacyBlocked: 'm>-+- stage',   bothBlocked:   'm>-+- stage',
  },
}

const everybody: RouteChanges = { stage: 'canary', weightBp: 10_000 }
const write: RouteChanges = {
  effects: 'write',
  fallbackOn: ['notSent', 'breakerOpen', 'bulkheadFull'],
}
// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, WorldName, RouteChanges, string])[] = [
  ['keeps a caller without the weight at legacy',          'calm',          { stage: 'canary', weightBp: 0 },                        'l>-+m weight'],
  ['has no fallback where legacy answers a canary',        'legacyBlocked', { stage: 'canary', weightBp: 0 },                        'l>-+m weight'],
  ['does not shadow a write at canary',                    'calm',          { ...everybody, ...write },                              'm>l+- weight'],
  ['does not shadow a write without capture',              'calm',          { stage: 'shadow', ...write },                           'l>-+- stage'],
  ['shadows a write whose statements are captured',        'calm',          { stage: 'shadow', ...write, writes: 'capture' },        'l>-+m stage'],
  ['does not shadow a captured write in reverse',          'calm',          { stage: 'modern', ...write, writes: 'capture' },        'm>l+- stage'],
  ['does not shadow undeclared effects',                   'calm',          { stage: 'shadow', effects: null, writes: 'capture' },   'l>-+- stage'],
  ['shadows nothing outside the sample',                   'calm',          { stage: 'shadow', sampleBp: 0 },                        'l>-+- stage'],
  ['diverts a write round an open breaker',                'modernBlocked', { stage: 'modern', ...write },                           'l>-+- breaker'],
  ['does not divert where the route has not allowed it',   'modernBlocked', { stage: 'modern', fallbackOn: ['notSent'] },            'm>l+l stage'],
  ['does not divert from a sick target without leave',     'modernSick',    { stage: 'modern', fallbackOn: ['breakerOpen'] },        'm>l+l stage'],
  ['does not divert to a target that is not there',        'modernBlocked', { stage: 'modern', legacy: null },                       'm>-+- stage'],
  ['answers from legacy where there is no modern',         'calm',          { stage: 'modern', modern: null },                       'l>-+- stage'],
  ['answers a canary from legacy where there is no modern', 'calm',         { ...everybody, modern: null },                          'l>-+- weight'],
  ['shadows nothing where there is no modern',             'calm',          { stage: 'shadow', modern: null },                       'l>-+- stage'],
  ['names the stage\'s target where there is none at all', 'calm',          { stage: 'legacy', legacy: null, modern: null },         'l>-+- stage'],
  ['leaves a killed route without legacy as it is',        'killed',        { stage: 'modern', legacy: null },                       'm>-+- stage'],
  ['leaves a force without its target to the stage',       'forcedModern',  { stage: 'canary', modern: null },                       'l>-+- stage!'],
  ['leaves a force to a legacy that is gone to the stage', 'forcedLegacy',  { stage: 'retired', legacy: null },                      'm>-+- stage!'],
]

describe('choose', () => {
  for (const stage of stages) {
    for (const [world, expected] of Object.entries(table[stage])) {
      it(`decides ${expected} at ${stage} when ${world}`, () => {
        const changes = { stage, weightBp: 10_000 }
        assert.equal(decide(world as WorldName, changes), expected)
      })
    }
  }

  for (const [title, world, changes, expected] of cases) {
    it(title, () => assert.equal(decide(world, changes), expected))
  }

  it('keeps a caller without a key at legacy, whatever the weight', () => {
    assert.equal(decide('calm', everybody, []), 'l>-+m weight')
  })

  it('reads the key only where a weight splits callers', () => {
    const trap = new Proxy<string[]>([], { get: () => assert.fail('read a header') })
    assert.equal(decide('calm', { stage: 'modern' }, trap), 'm>l+l stage')
  })

  it('splits routes of one cohort alike', () => {
    for (let i = 0; i < 100; i += 1) {
      const [cart, checkout] = ['cart', 'checkout'].map((id) =>
        choose(
          { headers: ['x-user-id', `u${i}`] },
          plainRoute(id, { stage: 'canary', weightBp: 5_000, cohort: 'buy' }),
          conditionsOf({}),
          null,
        ),
      )
      assert.equal(cart?.primary, checkout?.primary)
    }
  })
})

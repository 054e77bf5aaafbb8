import { type Plan, plans } from '../../stage.ts'
import { fault } from '../diagnostics.ts'
import { type Check, eachRoute, routeCheck } from './check.ts'

const needsModern = ({ primary, shadow }: Plan): boolean => primary !== 'legacy' || shadow !== null
const needsLegacy = ({ primary, fallback }: Plan): boolean =>
  primary !== 'modern' || fallback === 'legacy'

/** `own` says both, or the same defaults do. */
const stageAndRollout = routeCheck(['stage', 'rollout'], ({ own, merged }) => {
  if (merged.stage === undefined || merged.rollout === undefined) return null
  const hint = 'keep stage to flip it by hand, or rollout to have it promoted'
  return {
    at: own.rollout === undefined ? ['stage'] : ['rollout'],
    fault: fault('stageAndRollout', 'a route has stage or rollout, never both', hint),
  }
})

const canaryNeedsWeight = routeCheck(['stage', 'weight'], ({ route, merged }) =>
  plans[route.stage].primary === 'split' && merged.weightBp === undefined
    ? {
        at: ['stage'],
        fault: fault(
          'canaryNeedsWeight',
          `stage ${route.stage} needs a weight`,
          'such as weight: 1%',
        ),
      }
    : null,
)

const modernMissing = routeCheck(['stage', 'rollout', 'modern'], ({ route }) => {
  if (route.modern !== null || !(needsModern(plans[route.stage]) || route.rollout !== null))
    return null
  const what = route.rollout === null ? `stage ${route.stage}` : 'a rollout'
  const hint = 'modern: handlers, or the name of an upstream'
  return {
    at: route.rollout === null ? ['stage'] : ['rollout'],
    fault: fault('modernMissing', `${what} needs a modern target`, hint),
  }
})

const legacyMissing = routeCheck(['stage', 'legacy'], ({ route }) => {
  if (route.legacy !== null || route.redirect != null || !needsLegacy(plans[route.stage]))
    return null
  const hint =
    'legacy: the name of an upstream, here or in defaults; only stage retired goes without'
  return {
    at: [],
    fault: fault('legacyMissing', `stage ${route.stage} needs a legacy target`, hint),
  }
})

const effectsMissing = routeCheck(['stage', 'rollout', 'effects', 'match'], ({ route, merged }) => {
  const moves = needsModern(plans[route.stage]) || route.rollout !== null
  if (route.effects !== null || !moves) return null
  const what = route.rollout === null ? `stage ${route.stage}` : 'a rollout'
  const inherited = merged.effects === 'read' ? ' of its own, since it matches unsafe methods' : ''
  const hint = 'effects: read, idempotentWrite or write: what the route does to data'
  return {
    at: route.rollout === null ? ['stage'] : ['rollout'],
    fault: fault('effectsMissing', `${what} needs effects${inherited}`, hint),
  }
})

export const stageChecks: Check = eachRoute([
  stageAndRollout,
  canaryNeedsWeight,
  modernMissing,
  legacyMissing,
  effectsMissing,
])

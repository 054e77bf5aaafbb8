/** From a config to the engine that serves it: which parts are kept, and in which order they wrap. */

import { setImmediate as turn } from 'node:timers/promises'
import type { Config, Route, Run, UpstreamConfig } from './config/config.ts'
import { createExchange, type ExchangeOptions } from './edge/exchange.ts'
import { type Counting, createJoin, type Join } from './edge/join.ts'
import { createEngine } from './engine.ts'
import { createFindAmbiguity } from './routing/ambiguity.ts'
import type { Conditions, Decision } from './routing/choose.ts'
import type { Explainer } from './routing/explain.ts'
import { createForce } from './routing/force.ts'
import { createMatcher } from './routing/match.ts'
import type { Engine } from './serve.ts'
import { createSnapshotShadows } from './shadow/snapshot-shadows.ts'
import { plans, type Target } from './stage.ts'
import type { StandingParts } from './standing-parts.ts'
import { type Breaker, withBreaker } from './targets/breaker.ts'
import { type Breakers, breakerPieces, createBreakers } from './targets/breakers.ts'
import { modernResult, type ResultReader } from './targets/call-result.ts'
import { failure } from './targets/failure.ts'
import { withFallback } from './targets/fallback.ts'
import type { Handlers } from './targets/handler.ts'
import type { Lanes } from './targets/lanes/lanes.ts'
import { createRedirect } from './targets/redirect.ts'
import { withRewriting } from './targets/rewriting/with-rewriting.ts'
import type { Send } from './targets/send.ts'
import type { Upstream } from './targets/upstream.ts'
import { createTellAmbiguity } from './telemetry/ambiguous-paths.ts'
import { createObserve } from './telemetry/observe.ts'
import { withTiming } from './telemetry/timing.ts'

export interface BuildOptions {
  readonly standing: StandingParts
  readonly handlers: Handlers
  readonly isDraining: () => boolean
}

/** An engine, and what goes with it into force. */
export interface Built {
  readonly config: Config
  readonly engine: Engine
  readonly explainer: Explainer
  readonly join: Join
  /** Lets go of what only the engine before this one used. */
  release(): void
}

/** One target of a route as a `Send`. */
type SendTo = (route: Route, target: Target, counts: boolean) => Send

const counted = (send: Send, breaker: Breaker | null, reader: ResultReader): Send =>
  breaker === null ? send : withBreaker(send, breaker, reader)

const missing: Send = () => Promise.reject(failure('handler_missing', 'modern', 'none'))

/** Handlers where a route runs them. */
const createHandlerSends = (handlers: Handlers, lanes: Lanes): Readonly<Record<Run, Send>> => ({
  inline: withTiming(handlers.send),
  lane: withTiming(lanes.send),
})

/** Whether a client may be answered by a handler in a lane. */
const needsLane = ({ run, modern, stage }: Route): boolean =>
  run === 'lane' && modern === 'handlers' && plans[stage].primary !== 'legacy'

const createSendTo = (
  upstreams: ReadonlyMap<string, Upstream>,
  { handlers, standing: { lanes } }: BuildOptions,
  breakers: Breakers,
  config: Config,
): SendTo => {
  const sends = createHandlerSends(handlers, lanes)
  if (config.routes.some(needsLane)) void lanes.warm()
  const names = handlers.routeNames()
  const known = names === null ? null : new Set(names)
  return (route, target, counts) => {
    const name = route[target] ?? ''
    const upstream = upstreams.get(name)
    // The application would answer 404 for a route it does not have, and nothing would fall back.
    const handler = known?.has(route.id) === false ? missing : sends[route.run]
    // What testers force is no evidence of what clients would meet.
    const send =
      upstream === undefined
        ? handler
        : rewritten(upstream.send(target, { counts }), route, config.upstreams[name])
    return counts && target === 'modern'
      ? counted(send, breakers.ofRoute(route), modernResult)
      : send
  }
}

/** What a route's upstream is asked and says, as the route has it changed on the way. */
const rewritten = (send: Send, { rewriting }: Route, upstream: UpstreamConfig | undefined): Send =>
  rewriting == null || upstream === undefined ? send : withRewriting(send, rewriting, upstream)

/** The breakers that a target's answers feed, for what goes past `SendTo`. */
const breakersOf =
  (breakers: Breakers) =>
  (route: Route, target: Target): readonly Counting[] => {
    const breaker = target === 'modern' ? breakers.ofRoute(route) : null
    return breaker === null ? [] : [{ breaker, reader: modernResult }]
  }

const hasFallback = ({ stage }: Route): boolean => plans[stage].fallback !== null

/** What the whole of a request may take, as its last attempt has it. */
const totalMsOf = ({ upstreams, handlers }: Config, name: string | null): number =>
  upstreams[name ?? '']?.timeouts.totalMs ?? handlers.timeoutMs

/** Decisions of one kind about one route go the same way. */
const kindOf = ({ primary, fallback, counts }: Decision): number =>
  (primary === 'modern' ? 4 : 0) + (fallback === null ? 0 : 2) + (counts ? 1 : 0)

/** Composes the way of each decision once: the order in which policies wrap the targets. */
const createSendFor = (
  sendTo: SendTo,
  config: Config,
  { fallbackBudgets, now }: StandingParts,
): ((decision: Decision) => Send) => {
  const { parts: budgets } = fallbackBudgets.use(
    new Map(config.routes.filter(hasFallback).map(({ id }) => [id, null])),
  )
  const compose = ({ route, primary, fallback, counts }: Decision): Send => {
    if (route.redirect != null) return createRedirect(route.redirect)
    const first = sendTo(route, primary, counts)
    const budget = budgets.get(route.id)
    if (fallback === null || budget === undefined) return first
    const { effects, fallbackOn: on } = route
    const totalMs = totalMsOf(config, route[fallback])
    const policy = { from: primary, effects, on, totalMs, budget, now }
    return withFallback(first, sendTo(route, fallback, counts), policy)
  }
  const ways = new Map<Route, Send[]>()
  return (decision) => {
    const kind = kindOf(decision)
    const known = ways.get(decision.route) ?? []
    const way = known[kind] ?? compose(decision)
    if (known[kind] === way) return way
    known[kind] = way
    ways.set(decision.route, known)
    return way
  }
}

const exchangeParts = ({ standing, isDraining }: BuildOptions): ExchangeOptions => {
  const { receive, streams, slow } = standing
  return { receive, streams, slow, isDraining }
}

/**
 * Whatever may throw comes first, so that a config that cannot be served changes nothing. With
 * thousands of routes each part takes milliseconds: other work gets its turn between them.
 * Never called while another build is under way.
 *
 * @throws Error where the config cannot be served
 */
export const buildEngine = async (config: Config, options: BuildOptions): Promise<Built> => {
  const { standing, handlers } = options
  const { kills, metrics, snapshotMetrics, board, log, random, env, now } = standing
  const force = createForce(config.force, { key: env[config.force.keyEnv] ?? null, now: Date.now })
  const matcher = createMatcher(config.routes)
  const findAmbiguity = createFindAmbiguity(config, matcher)
  await turn()
  const named = new Map(Object.entries(config.upstreams))
  const upstreams = standing.upstreams.use(named)
  const tunnels = standing.tunnels.use(named)
  const counting = standing.breakers.use(breakerPieces(config))
  const breakers = createBreakers(counting.parts, upstreams.parts)
  const conditions: Conditions = { killed: kills.killed, blocked: breakers.blocked }
  await turn()
  const shadows = createSnapshotShadows(config, {
    parts: standing.shadow,
    handlers,
    isLegacyBlocked: (route) => breakers.blocked(route, 'legacy') !== null,
  })
  await turn()
  const sendTo = createSendTo(upstreams.parts, options, breakers, config)
  const engine = createEngine({
    config,
    matcher,
    findAmbiguity,
    tellAmbiguity: createTellAmbiguity({ config, metrics, log, now }),
    receive: createExchange(exchangeParts(options)),
    reserve: shadows.reserve,
    observe: createObserve({
      ...{ config, metrics, board, log, random },
      snapshot: snapshotMetrics,
      lateFailure(route, target) {
        if (target === 'modern') breakers.ofRoute(route)?.recordLate()
      },
    }),
    conditions,
    force,
    sendFor: createSendFor(sendTo, config, standing),
    log,
  })
  for (const upstream of upstreams.parts.values()) upstream.start()
  shadows.start()
  return {
    config,
    engine,
    explainer: { matcher, findAmbiguity, conditions, force },
    join: createJoin({
      ...{ config, tunnels, metrics, log, now },
      inFlight: standing.tunnels.inFlight,
      breakersOf: breakersOf(breakers),
    }),
    release() {
      for (const upstream of upstreams.dropped) void upstream.close()
      for (const { breaker } of counting.dropped) breaker.close()
      shadows.release()
    },
  }
}

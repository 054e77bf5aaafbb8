/** One snapshot, compiled: the verbs over one config. Immutable; a reload makes another one. */
import type { Config, Route } from './config/config.ts'
import { collect, isSmall } from './edge/collect.ts'
import { respond } from './edge/respond.ts'
import { createUploadPlaces } from './edge/upload-places.ts'
import type { FindAmbiguity } from './routing/ambiguity.ts'
import { type Conditions, choose, type Decision } from './routing/choose.ts'
import { type Force, withoutForce } from './routing/force.ts'
import type { Matcher } from './routing/match.ts'
import type { Engine } from './serve.ts'
import { asFailure, failure, problemResponse } from './targets/failure.ts'
import { rawHeader } from './targets/raw-header.ts'
import type { Failure, InboundRequest, Outlook, Send, TargetResponse } from './targets/send.ts'
import type { TellAmbiguity } from './telemetry/ambiguous-paths.ts'
import type { Log } from './telemetry/log.ts'

export interface EngineParts {
  readonly config: Config
  readonly matcher: Matcher
  readonly findAmbiguity: FindAmbiguity
  readonly tellAmbiguity: TellAmbiguity
  readonly receive: Engine['receive']
  readonly reserve: Engine['reserve']
  readonly observe: Engine['observe']
  readonly conditions: Conditions
  readonly force: Force
  /** The way of a decision: its primary, and the fallback round it. */
  readonly sendFor: (decision: Decision) => Send
  readonly log: Log
}

/** A route of Banyan's own, for what belongs to no route of the config. It has no target. */
const ownRoute = (id: '_unmatched' | '_refused'): Route => ({
  id,
  match: { methods: [], path: '/*', host: null, headers: {}, query: {} },
  stage: 'legacy',
  weightBp: 0,
  sampleBp: 0,
  effects: null,
  cohort: id,
  caller: [],
  legacy: null,
  modern: null,
  run: 'inline',
  fallbackOn: [],
  breaker: {
    windowMs: 0,
    minimumCalls: 0,
    failureRateBp: 0,
    slowRateBp: 0,
    slowCallMs: 0,
    resetAfterMs: 0,
    halfOpenCalls: 0,
  },
  examples: [],
  tags: [],
})

export const unmatchedRoute: Route = ownRoute('_unmatched')
export const refusedRoute: Route = ownRoute('_refused')
const ambiguousRoute: Route = ownRoute('_refused')

/** Why what belongs to a route of Banyan's own goes to no target. */
const ownFailures: ReadonlyMap<Route, Failure> = new Map([
  [unmatchedRoute, failure('destination_not_found', 'banyan', 'none')],
  [
    ambiguousRoute,
    failure('http_request_error', 'client', 'none', {
      detail: 'The path can be read in more than one way; write it plainly.',
    }),
  ],
])

/** Why a request goes to no target; null: it may go. */
export const refusalOf = ({ route }: Decision, { refusal }: InboundRequest): Failure | null =>
  refusal ?? ownFailures.get(route) ?? null

/** What a trusted peer that asks for it is told of the decision. */
const explain = (
  decision: Decision,
  request: InboundRequest,
  answer: TargetResponse,
  revision: string,
): TargetResponse => {
  if (!request.peer.trusted || rawHeader(request.headers, 'x-banyan-explain') !== '1') return answer
  const lines = [
    ['x-banyan-revision', revision],
    ['x-banyan-route', decision.route.id],
    ['x-banyan-target', answer.from],
    ['x-banyan-reason', decision.reason],
  ]
  return { ...answer, headers: [...answer.headers, ...lines.flat()] }
}

/** A request as targets see it: without the force that was meant for Banyan. */
const withoutOwn = (request: InboundRequest, force: Config['force']): InboundRequest => {
  const headers = withoutForce(request.headers, force)
  return headers === request.headers ? request : { ...request, headers }
}

/** A request whose upload is here, where it is a small one. */
const withSmallBody = async (
  request: InboundRequest,
  { headerTimeoutMs }: Config['listen']['limits'],
): Promise<InboundRequest> =>
  // A client that asks whether to send its body is answered by the target.
  request.body !== null && isSmall(request.body) && rawHeader(request.headers, 'expect') === null
    ? { ...request, body: await collect(request.body, headerTimeoutMs) }
    : request

const createSend = ({ config, sendFor, log }: EngineParts): Engine['send'] => {
  const { force, handlers, listen, upstreams } = config
  const uploads = createUploadPlaces(
    (target) => upstreams[target]?.pool.connections ?? handlers.concurrency,
  )
  return async (decision: Decision, request: InboundRequest, outlook: Outlook) => {
    const refusal = refusalOf(decision, request)
    if (refusal !== null) return problemResponse(refusal, request.id)
    try {
      const own = withoutOwn(request, force)
      if (own.body === null) return await sendFor(decision)(own, outlook)
      const whole = await withSmallBody(own, listen.limits)
      const target = decision.route[decision.primary] ?? ''
      return await uploads.take(target, whole, (ready) => sendFor(decision)(ready, outlook))
    } catch (error) {
      const why = asFailure(error)
      if (why.code === 'proxy_internal_error')
        log.error('send_failed', { id: request.id, err: error })
      return problemResponse(why, request.id)
    }
  }
}

const createMatch =
  ({ matcher, findAmbiguity, tellAmbiguity }: EngineParts): Engine['match'] =>
  (request) => {
    const { method, url, path, headers, peer, refusal } = request
    if (refusal !== null) return refusedRoute
    const asked = { method, url, path, headers, host: peer.host }
    const route = matcher.match(asked)
    if (route === null) return unmatchedRoute
    const found = findAmbiguity(asked, route)
    if (found === null) return route
    tellAmbiguity(request, route.id, found)
    return found.route ?? (found.policy === 'reject' ? ambiguousRoute : unmatchedRoute)
  }

export const createEngine = (parts: EngineParts): Engine => {
  const { config, receive, reserve, observe, conditions, force } = parts
  const { revision } = config
  return {
    revision,
    receive,
    match: createMatch(parts),
    choose(request, route) {
      const forced = force(request)
      const target = forced === null || forced === 'invalid' ? null : forced.target
      return choose(request, route, conditions, target)
    },
    reserve,
    send: createSend(parts),
    respond: (exchange, decision, answer) =>
      respond(exchange, explain(decision, exchange.request, answer, revision)),
    observe,
  }
}

/**
 * The whole life of a request. Every other file of the engine is one of these verbs or serves one.
 *
 *   receive → match → choose → reserve → send → respond → observe │ → compare → judge
 *   Inbound    Route   Decision  place for   Target     client has   └ nothing after this point
 *   Request                      the shadow  Response   it all         can delay or fail the client
 */
import type { Route } from './config/config.ts'
import type { Arrival } from './edge/arrival.ts'
import type { Decision } from './routing/choose.ts'
import type {
  Client,
  InboundRequest,
  Observation,
  Outlook,
  TargetResponse,
} from './targets/send.ts'

/** One accepted exchange, of HTTP/1 or HTTP/2. */
export interface Exchange {
  readonly request: InboundRequest
  readonly client: Client
}

/** A place for the shadow of one request, taken before the primary is sent. */
export interface Reservation {
  /** The request as the primary gets it: its upload is copied on the way, up to a limit. */
  readonly request: InboundRequest
  /** What the primary waits for, where the config says that it may; null or absent: nothing. */
  readonly standing?: Promise<void> | null
  /** The answer as the client gets it: its body is copied on the way, and never paused for that. */
  tee(answer: TargetResponse): TargetResponse
  /** Begins the comparison with what the client was given. Never throws, never waits. */
  settle(seen: Observation): void
  /** Called last, even where nothing came of the exchange. Never throws. */
  release?(): void
}

/** A connection that asked for another protocol; it has no answer, so it is no `Send`. */
export interface Upgrade {
  readonly request: InboundRequest
  /** Joins client and target until either ends; answers a refusal itself. Never rejects. */
  tunnel(decision: Decision): Promise<Observation>
}

/** The verbs over one snapshot. Immutable: a reload makes another one. */
export interface Engine {
  /** Names the config revision that this engine serves. */
  readonly revision: string
  /** Never throws: a request that may go nowhere carries its `refusal`. */
  receive(arrival: Arrival): Exchange
  /** Always finds one: what nothing matches belongs to the route `_unmatched`. */
  match(request: InboundRequest): Route
  choose(request: InboundRequest, route: Route): Decision
  /** Null where the decision has no shadow, or none has room. Returns at once. */
  reserve(decision: Decision, request: InboundRequest): Reservation | null
  /** Never rejects: an error is Banyan's own answer, and observed like any other. */
  send(decision: Decision, request: InboundRequest, outlook: Outlook): Promise<TargetResponse>
  /** Resolves once the client has it all, or has gone. Never rejects. */
  respond(exchange: Exchange, decision: Decision, answer: TargetResponse): Promise<Observation>
  /** Counts, logs, feeds the conditions, hands the pair to comparison. Guarded: never throws. */
  observe(
    decision: Decision,
    request: InboundRequest,
    seen: Observation,
    shadow: Reservation | null,
  ): void
}

/** @param current the engine in force; read once, so one request sees exactly one snapshot */
export const createServe =
  (current: () => Engine) =>
  async (arrival: Arrival): Promise<void> => {
    const engine = current()
    const exchange = engine.receive(arrival)
    const { request, client } = exchange
    const decision = engine.choose(request, engine.match(request))
    const shadow = engine.reserve(decision, request)
    try {
      if (shadow?.standing != null) await shadow.standing
      const answer = await engine.send(decision, shadow?.request ?? request, client)
      const seen = await engine.respond(exchange, decision, shadow?.tee(answer) ?? answer)
      engine.observe(decision, request, seen, shadow)
    } finally {
      shadow?.release?.()
    }
  }

/** The same life for a connection that changes protocol: `tunnel` stands for send and respond. */
export const createServeUpgrade =
  (current: () => Engine) =>
  async (upgrade: Upgrade): Promise<void> => {
    const engine = current()
    const decision = engine.choose(upgrade.request, engine.match(upgrade.request))
    engine.observe(decision, upgrade.request, await upgrade.tunnel(decision), null)
  }

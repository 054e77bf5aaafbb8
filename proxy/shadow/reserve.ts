/**
 * The verb that takes a shadow's place before the primary is sent: whether the request is sampled,
 * and what is kept of it while it passes. Nobody waits for any of it.
 */
import type { Config } from '../config/config.ts'
import type { Decision } from '../routing/choose.ts'
import { withoutForce } from '../routing/force.ts'
import type { Engine, Reservation } from '../serve.ts'
import { wholeBody } from '../targets/body.ts'
import { shadowMark } from '../targets/forwarded.ts'
import { rawHeader } from '../targets/raw-header.ts'
import type { InboundRequest, Observation, TargetResponse } from '../targets/send.ts'
import { type Capture, capturedBody, createCapture, teeBody } from './capture.ts'
import { requestFingerprint, requestShape } from './request-shape.ts'
import type { Taken } from './run.ts'
import type { Sample } from './sample.ts'
import { carriesSession } from './session-cookie.ts'
import type { ShadowRoute } from './shadow-route.ts'
import type { Opened, Shadows } from './shadows.ts'
import { inconclusive, shed, type Verdict } from './tally.ts'
import type { Uses } from './uses.ts'
import { createTakenSnapshot, type TakenSnapshot } from './writes/taken-snapshot.ts'

export interface ReserveParts {
  readonly shadows: Shadows
  /** By route; what is not in it is never shadowed. */
  readonly plans: ReadonlyMap<string, ShadowRoute>
  readonly config: Pick<Config, 'revision' | 'force'>
  readonly limitBytes: number
  /** How long a primary may wait for the snapshot of its shadow. */
  readonly snapshotWaitMs: number
  /** Of this snapshot. */
  readonly uses: Uses
  /** Unix milliseconds. */
  readonly wallNow: () => number
}

/** Of a route's requests, how many may be asked of legacy once more: 2 %, besides reverse shadows. */
const repeatBp = 200

/** One request that is sampled, as long as its primary runs. */
interface Sampled {
  readonly parts: ReserveParts
  readonly plan: ShadowRoute
  readonly request: InboundRequest
  readonly draft: Sample
  readonly opened: Opened
  readonly snapshot: TakenSnapshot | null
  readonly upload: Capture | null
  readonly download: Capture
}

const draftOf = (
  { config, wallNow }: ReserveParts,
  { route, epoch }: ShadowRoute,
  { primary, shadow }: Decision,
  { id, method, url, headers }: InboundRequest,
): Omit<Sample, 'shape'> => ({
  id,
  route: route.id,
  epoch,
  revision: config.revision,
  primary,
  shadow: shadow ?? primary,
  at: wallNow(),
  method,
  url,
  headers: withoutForce(headers, config.force),
  body: null,
  fingerprint: '',
})

/** Legacy is never asked for the sake of a comparison where that could be felt: the rest is fair. */
const whyNotLegacy = (
  { shadows }: ReserveParts,
  { route, isLegacyBlocked }: ShadowRoute,
  headers: InboundRequest['headers'],
): Verdict | null => {
  if (route.repeatable !== true && carriesSession(headers)) return inconclusive('session')
  if (isLegacyBlocked()) return shed('blocked')
  return shadows.repeatsOf(route.id).take() ? null : shed('budget')
}

const noBody: Observation['body'] = { bytes: null, length: 0, complete: false }

/** An observation that may cross threads; a body that nobody kept is not an empty one. */
const plainly = (seen: Observation): Observation => ({
  ...seen,
  body:
    seen.status !== null && !seen.body.complete
      ? { ...noBody, length: 1, complete: true }
      : seen.body,
  failure: seen.failure === null ? null : { ...seen.failure, cause: null },
  instead: null,
})

/** What the client saw, with the body that was kept. */
const primaryOf = (
  seen: Observation,
  sent: TargetResponse | null,
  download: Capture,
): Observation => ({
  ...seen,
  headers: sent?.headers ?? seen.headers,
  body: { ...seen.body, bytes: download.bytes() },
  failure: null,
  instead: null,
})

/** Why the shadow need not be asked; null: it is. */
const earlyVerdict = (
  { request, upload, download }: Sampled,
  seen: Observation,
  body: Uint8Array | null,
): Verdict | null => {
  if (seen.failure?.party === 'client') return inconclusive('client_gone')
  if (seen.from === 'banyan' || seen.failure !== null) return inconclusive('primary_failed')
  if (upload?.lost === 'memory' || download.lost === 'memory') return shed('memory')
  return request.body !== null && body === null ? inconclusive('body_not_kept') : null
}

const settle = (sampled: Sampled, seen: Observation, sent: TargetResponse | null): void => {
  const { parts, plan, request, draft, opened, snapshot, upload, download } = sampled
  const { hold } = opened
  const body = upload === null ? null : capturedBody(request.body, upload)
  const { instead } = seen
  // The fallback has asked both already; the client's answer is the primary's.
  const roles = instead === null ? null : { primary: draft.shadow, shadow: draft.primary }
  const fingerprint = requestFingerprint(request, draft.route, body)
  const sample: Sample = { ...draft, ...roles, body, fingerprint }
  const early = earlyVerdict(sampled, seen, body)
  const no = early ?? (hold.enter() ? null : shed('queue_full'))
  if (no !== null) {
    opened.conclude(sample, no)
    return
  }
  const taken: Taken = {
    sample,
    plan,
    request: { ...request, headers: sample.headers, body: body === null ? null : wholeBody(body) },
    primary: primaryOf(seen, sent, download),
    shadow: instead === null ? null : plainly(instead),
    hold,
    standing: snapshot,
    repeats: parts.shadows.repeatsOf(sample.route),
    ledger: parts.shadows.ledgers.of(sample.route, sample.epoch),
    limitBytes: parts.limitBytes,
  }
  opened.run(taken)
}

/** An answer that may go on for hours keeps no place meanwhile. */
const isEndless = ({ headers }: TargetResponse): boolean =>
  rawHeader(headers, 'content-type')?.startsWith('text/event-stream') === true

const reservationOf = (sampled: Sampled): Reservation => {
  const { request, opened, snapshot, upload, download } = sampled
  let sent: TargetResponse | null = null
  return {
    request:
      upload === null || request.body === null
        ? request
        : { ...request, body: teeBody(request.body, upload) },
    standing: snapshot?.standing ?? null,
    tee(answer) {
      sent = answer
      if (isEndless(answer)) opened.hold.leave()
      const body = teeBody(answer.body, download)
      return body === answer.body ? answer : { ...answer, body }
    },
    settle(seen) {
      setImmediate(settle, sampled, seen, sent)
    },
  }
}

interface Asked {
  readonly decision: Decision
  readonly request: InboundRequest
  readonly shape: string
}

/** Null: it is told already what became of it. */
const begin = (
  parts: ReserveParts,
  plan: ShadowRoute,
  { decision, request, shape }: Asked,
): Reservation | null => {
  const { shadows, limitBytes, uses } = parts
  const draft: Sample = { ...draftOf(parts, plan, decision, request), shape }
  const no = decision.shadow === 'legacy' ? whyNotLegacy(parts, plan, request.headers) : null
  if (no !== null) {
    shadows.tell(draft, no)
    return null
  }
  const endUse = uses.begin()
  let snapshot: TakenSnapshot | null = null
  const opened = shadows.open(draft, () => {
    snapshot?.release()
    endUse()
  })
  if (opened === null) return null
  const standing = plan.hold?.()
  if (standing === null) {
    opened.conclude(draft, shed('lanes_taken'))
    return null
  }
  if (standing !== undefined) snapshot = createTakenSnapshot(standing, parts.snapshotWaitMs)
  const { hold } = opened
  const capture = (): Capture => createCapture(limitBytes, hold, hold.leave)
  const upload = request.body === null ? null : capture()
  const download = capture()
  return reservationOf({ parts, plan, request, draft, opened, snapshot, upload, download })
}

/** Waits for the status: an error is worth a sample, ahead of the turns to come. */
const reserveForError = (
  request: InboundRequest,
  takes: () => boolean,
  start: () => Reservation | null,
): Reservation => {
  let found: Reservation | null = null
  return {
    request,
    tee(answer) {
      const isError = answer.status >= 400 && answer.from !== 'banyan'
      if (isError && takes()) found = start()
      return found?.tee(answer) ?? answer
    },
    settle: (seen) => found?.settle(seen),
  }
}

/** No shadow of a shadow; and what writes is never asked of legacy a second time. */
const mayShadow = ({ route, shadow }: Decision, { headers }: InboundRequest): boolean =>
  rawHeader(headers, shadowMark) === null && (shadow !== 'legacy' || route.effects === 'read')

export const createReserve = (parts: ReserveParts): Engine['reserve'] => {
  const { shadows, plans } = parts
  const { sampler } = shadows
  return (decision, request) => {
    const { route, shadow } = decision
    const plan = shadow === null ? undefined : plans.get(route.id)
    if (plan === undefined || !mayShadow(decision, request)) return null
    shadows.repeatsOf(route.id).earn(repeatBp + (shadow === 'legacy' ? route.sampleBp : 0))
    const shape = requestShape(request, route)
    const start = (): Reservation | null => begin(parts, plan, { decision, request, shape })
    if (sampler.takes(route, shape)) return start()
    // An upload that was not copied on its way is gone, and a snapshot would stand too late.
    if (request.body !== null || plan.hold !== undefined) return null
    return reserveForError(request, () => sampler.takesAhead(route), start)
  }
}

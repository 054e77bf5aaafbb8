/**
 * The verb that takes a shadow's place before the primary is sent: whether the request is sampled,
 * and what is kept of it while it passes. Nobody waits for any of it.
 */
import type { Config } from '../config/config.ts'
import type { Decision } from '../routing/choose.ts'
import { withoutForce } from '../routing/force.ts'
import type { Engine, Reservation } from '../serve.ts'
import { shadowMark } from '../targets/forwarded.ts'
import { rawHeader } from '../targets/raw-header.ts'
import type { InboundRequest, TargetResponse } from '../targets/send.ts'
import { type Capture, createCapture, teeBody } from './capture.ts'
import { requestShape } from './request-shape.ts'
import { reserveLater } from './reserve-later.ts'
import type { Sample } from './sample.ts'
import { carriesSession } from './session-cookie.ts'
import { type Sampled, settle } from './settle.ts'
import type { ShadowRoute } from './shadow-route.ts'
import type { Shadows } from './shadows.ts'
import { inconclusive, shed, type Verdict } from './tally.ts'
import type { Uses } from './uses.ts'
import { createCagedWatch } from './writes/caged-watch.ts'
import { type OtherWrites, ownWrites } from './writes/other-writes.ts'
import {
  createTakenSnapshot,
  type JudgedBy,
  type SnapshotTerms,
  type TakenSnapshot,
} from './writes/taken-snapshot.ts'
import type { Standing } from './writes/watch.ts'
import { watchKind } from './writes/watch-kind.ts'
import type { WriteNotes } from './writes/write-notes.ts'

export interface ReserveParts {
  readonly shadows: Shadows
  /** By route; what is not in it is never shadowed. */
  readonly plans: ReadonlyMap<string, ShadowRoute>
  readonly config: Pick<Config, 'revision' | 'force'>
  readonly limitBytes: number
  /** How long a primary may wait for the snapshot of its shadow. */
  readonly snapshotWaitMs: number
  /** What tells what legacy wrote; null or absent: nothing does. */
  readonly binlog?: SnapshotTerms['binlog']
  /** Hears by what the writes of a sample of the route were judged. */
  readonly onJudged?: (route: string, by: JudgedBy) => void
  /** Hears why a snapshot could not be taken; absent: nobody does. */
  readonly writeNotes?: Pick<WriteNotes, 'untold'>
  /** Which requests that may write are under way; absent: nobody needs to know. */
  readonly otherWrites?: OtherWrites
  /** Of this snapshot. */
  readonly uses: Uses
  /** Unix milliseconds. */
  readonly wallNow: () => number
}

/** Of a route's requests, how many may be asked of legacy once more: 2 %, besides reverse shadows. */
const repeatBp = 200

const draftOf = (
  { config, wallNow }: ReserveParts,
  { route, epoch }: ShadowRoute,
  { primary, shadow }: Decision,
  { id, receivedMs, method, url, headers }: InboundRequest,
): Omit<Sample, 'shape'> => ({
  id,
  route: route.id,
  epoch,
  revision: config.revision,
  primary,
  shadow: shadow ?? primary,
  at: wallNow(),
  receivedMs,
  method,
  url,
  headers: withoutForce(headers, config.force),
  hasSession: carriesSession(headers, route),
  body: null,
  fingerprint: '',
})

/** Legacy is never asked for the sake of a comparison where that could be felt: the rest is fair. */
const whyNotLegacy = (
  { shadows }: ReserveParts,
  { route, isLegacyBlocked }: ShadowRoute,
  headers: InboundRequest['headers'],
): Verdict | null => {
  if (route.repeatable !== true && carriesSession(headers, route)) return inconclusive('session')
  if (isLegacyBlocked()) return shed('blocked')
  return shadows.repeatsOf(route.id).take() ? null : shed('budget')
}

const whyNotModern = ({ targets }: ShadowRoute): Verdict | null => {
  const why = targets.modern?.whyNot?.() ?? null
  return why === null ? null : shed(why)
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
      // Thrown there, an error would end the process.
      setImmediate(opened.attempt, sampled.draft, () => settle(sampled, seen, sent))
    },
  }
}

interface Asked {
  readonly decision: Decision
  readonly request: InboundRequest
  readonly shape: string
}

const takenOf = (parts: ReserveParts, standing: Standing, { id, route }: Sample): TakenSnapshot => {
  const onJudged = (by: JudgedBy): void => parts.onJudged?.(route, by)
  const { snapshotWaitMs: waitMs, binlog = null, otherWrites } = parts
  const taken = createTakenSnapshot(standing, { waitMs, request: id, binlog, onJudged })
  void standing.prepared.then((found) => {
    if (found?.problem != null) parts.writeNotes?.untold(route, found.problem)
  })
  return otherWrites === undefined ? taken : ownWrites(taken, otherWrites.watch(), onJudged)
}

/** Null: it runs in no cage. */
const cagedOf = (
  { binlog = null, onJudged }: ReserveParts,
  { route, targets }: ShadowRoute,
  { id: request, shadow }: Sample,
): TakenSnapshot | null => {
  const { watch } = targets[shadow] ?? {}
  if (watch === undefined || watchKind(route) !== 'cage') return null
  return createCagedWatch({ watch, request, binlog, onJudged: (by) => onJudged?.(route.id, by) })
}

/** Null: it is told already what became of it. */
const open = (
  parts: ReserveParts,
  plan: ShadowRoute,
  request: InboundRequest,
  draft: Sample,
): Reservation | null => {
  const { shadows, limitBytes, uses } = parts
  const endUse = uses.begin()
  let snapshot: TakenSnapshot | null = null
  const opened = shadows.open(draft, () => {
    snapshot?.release()
    endUse()
  })
  if (opened === null) return null
  return opened.attempt(draft, () => {
    const standing = plan.hold?.()
    if (typeof standing === 'string') {
      opened.conclude(draft, shed(standing))
      return null
    }
    snapshot =
      standing === undefined ? cagedOf(parts, plan, draft) : takenOf(parts, standing, draft)
    const { hold } = opened
    const capture = (): Capture => createCapture(limitBytes, hold, hold.leave)
    const upload = request.body === null ? null : capture()
    const download = capture()
    const about = { shadows, limitBytes, plan, request }
    return reservationOf({ draft, opened, snapshot, upload, download, ...about })
  })
}

/** Null: it is told already what became of it. */
const begin = (
  parts: ReserveParts,
  plan: ShadowRoute,
  { decision, request, shape }: Asked,
): Reservation | null => {
  const draft: Sample = { shape, ...draftOf(parts, plan, decision, request) }
  const no =
    decision.shadow === 'legacy' ? whyNotLegacy(parts, plan, request.headers) : whyNotModern(plan)
  const start = (): Reservation | null => open(parts, plan, request, draft)
  if (no === null) return start()
  const tell = (): void => parts.shadows.tell(draft, no)
  if (decision.fallback === 'legacy' && request.body === null) {
    // Where legacy had to answer after all, both were asked: what modern did is a result.
    const isWanted = ({ from }: TargetResponse): boolean => from === 'legacy'
    return reserveLater({ request, isWanted, start, without: tell })
  }
  tell()
  return null
}

/** No shadow of a shadow; and what writes is never asked of legacy a second time. */
const mayShadow = ({ route, shadow }: Decision, { headers }: InboundRequest): boolean =>
  rawHeader(headers, shadowMark) === null && (shadow !== 'legacy' || route.effects === 'read')

export const createReserve = (parts: ReserveParts): Engine['reserve'] => {
  const { shadows, plans } = parts
  const { sampler } = shadows
  const place: Engine['reserve'] = (decision, request) => {
    const { route, shadow } = decision
    const plan = shadow === null ? undefined : plans.get(route.id)
    if (plan === undefined || !mayShadow(decision, request)) return null
    shadows.repeatsOf(route.id).earn(repeatBp + (shadow === 'legacy' ? route.sampleBp : 0))
    const shape = requestShape(request, route)
    const start = (): Reservation | null => begin(parts, plan, { decision, request, shape })
    if (sampler.takes(plan, shape)) return start()
    // An upload that was not copied on its way is gone; a snapshot would stand too late, and what legacy
    // wrote before somebody began to look would be taken for nothing.
    if (request.body !== null || watchKind(route) !== 'read') return null
    // An error is worth a sample, ahead of the turns to come.
    const isWanted = ({ status, from }: TargetResponse): boolean =>
      status >= 400 && from !== 'banyan' && sampler.takesAhead(plan)
    return reserveLater({ request, isWanted, start, without: () => {} })
  }
  return (decision, request) => {
    try {
      return place(decision, request)
    } catch (error) {
      // A client is answered whatever happens to its sample.
      shadows.guard(error)
      return null
    }
  }
}

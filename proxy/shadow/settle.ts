/** What becomes of a sample once its client has been answered: a shadow is asked, or it is told why not. */
import { wholeBody } from '../targets/body.ts'
import type { InboundRequest, Observation, TargetResponse } from '../targets/send.ts'
import { type Capture, capturedBody } from './capture.ts'
import { requestFingerprint } from './request-shape.ts'
import type { Sample } from './sample.ts'
import type { ShadowRoute } from './shadow-route.ts'
import type { Opened, Shadows } from './shadows.ts'
import type { Taken } from './taken.ts'
import { inconclusive, shed, type Verdict } from './tally.ts'
import type { TakenSnapshot } from './writes/taken-snapshot.ts'

/** One request that is sampled, as long as its primary runs. */
export interface Sampled {
  readonly shadows: Shadows
  readonly limitBytes: number
  readonly plan: ShadowRoute
  readonly request: InboundRequest
  readonly draft: Sample
  readonly opened: Opened
  readonly snapshot: TakenSnapshot | null
  readonly upload: Capture | null
  readonly download: Capture
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

/** Begins the comparison with what the client was given, or tells why there is none. */
export const settle = (sampled: Sampled, seen: Observation, sent: TargetResponse | null): void => {
  const { shadows, limitBytes, plan, request, draft, opened, snapshot, upload, download } = sampled
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
    repeats: shadows.repeatsOf(sample.route),
    ledger: shadows.ledgers.of(sample.route, sample.epoch),
    writeLedger: shadows.writeLedgers.of(sample.route, sample.epoch),
    limitBytes,
  }
  opened.run(taken)
}

/** A recorded exchange as a sample of its route. Pure. */
import { requestFingerprint, requestShape } from '../shadow/request-shape.ts'
import type { Sample } from '../shadow/sample.ts'
import { carriesSession } from '../shadow/session-cookie.ts'
import type { ShadowRoute } from '../shadow/shadow-route.ts'
import type { Recorded } from './recorded.ts'

export const sampleOf = (
  { id, route, at, revision, request, compared }: Recorded,
  plan: ShadowRoute,
  sides: Pick<Sample, 'primary' | 'shadow'>,
): Sample => {
  const { method, url, headers, body } = request
  const path = url.split('?', 1)[0] ?? ''
  return {
    ...{ id, route, at, revision, method, url, headers, body, ...sides, receivedMs: at },
    epoch: compared?.epoch ?? plan.epoch,
    shape: requestShape({ method, url, path, headers }, plan.route),
    hasSession: carriesSession(headers, plan.route),
    fingerprint: requestFingerprint(request, route, body),
  }
}

/** One exchange while it passes: what is copied of it, and what that comes to. */
import type { Config } from '../config/config.ts'
import { withoutForce } from '../routing/force.ts'
import type { Reservation } from '../serve.ts'
import type { Hold } from '../shadow/budget.ts'
import { type Capture, capturedBody, createCapture, teeBody } from '../shadow/capture.ts'
import type { InboundRequest, Observation, TargetResponse } from '../targets/send.ts'
import type { Draft, Recorded } from './recorded.ts'

export type RecordedConfig = Pick<Config, 'revision' | 'force'>

export interface PassingOptions {
  readonly config: RecordedConfig
  readonly route: string
  readonly request: InboundRequest
  readonly hold: Hold
  /** A longer body is left out. */
  readonly bodyLimitBytes: number
  /** Unix milliseconds. */
  readonly at: number
  /** Called once, after the client has it all. */
  readonly onOver: (draft: Draft) => void
}

/** An observation that may cross threads. */
const plainly = (seen: Observation): Observation => ({
  ...seen,
  failure: seen.failure === null ? null : { ...seen.failure, cause: null },
  instead: seen.instead === null ? null : plainly(seen.instead),
})

const requestOf = (
  { request, config }: PassingOptions,
  upload: Capture | null,
): Recorded['request'] => {
  const { method, url, headers, peer, body } = request
  const kept = upload === null ? null : capturedBody(body, upload)
  return {
    ...{ method, url, headers: withoutForce(headers, config.force), scheme: peer.scheme },
    body: kept,
    lostBytes: upload !== null && kept === null ? upload.length : null,
  }
}

const answerOf = (
  seen: Observation,
  sent: TargetResponse | null,
  download: Capture,
): Observation => ({
  ...plainly(seen),
  headers: sent?.headers ?? seen.headers,
  body: { ...seen.body, bytes: download.bytes() },
})

/** Copies request and answer on their way, as a shadow's place does. */
export const watchPassing = (options: PassingOptions): Reservation => {
  const { request, config, route, hold, bodyLimitBytes, at, onOver } = options
  const capture = (): Capture => createCapture(bodyLimitBytes, hold)
  const upload = request.body === null ? null : capture()
  const download = capture()
  let sent: TargetResponse | null = null
  const settle = (seen: Observation): void => {
    const answer = answerOf(seen, sent, download)
    const { revision } = config
    const asked = requestOf(options, upload)
    onOver({ id: request.id, route, at, revision, request: asked, answer, compared: null })
  }
  return {
    request:
      upload === null || request.body === null
        ? request
        : { ...request, body: teeBody(request.body, upload) },
    tee(answer) {
      sent = answer
      const body = teeBody(answer.body, download)
      return body === answer.body ? answer : { ...answer, body }
    },
    settle(seen) {
      setImmediate(settle, seen)
    },
  }
}

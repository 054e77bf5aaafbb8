/** One request to one target in the shadows: whatever becomes of it is an observation. */
import type { Target } from '../stage.ts'
import { discard } from '../targets/discard.ts'
import { asFailure, failure } from '../targets/failure.ts'
import type {
  Failure,
  Flow,
  InboundRequest,
  Observation,
  Send,
  TargetResponse,
} from '../targets/send.ts'
import type { Capture } from './capture.ts'

export interface Asking {
  readonly target: Target
  /** After so long without the end of an answer it is a timeout. */
  readonly deadlineMs: number
  readonly capture: Capture
  /** Whether it is let go once its body cannot be kept; else it is read to its end. */
  readonly stopsUnkept: boolean
  /** Monotonic milliseconds, of the same clock as `receivedMs`. */
  readonly now: () => number
}

const told = ({ cause: _, ...why }: Failure): Failure => Object.freeze({ ...why, cause: null })

const observed = (
  { target, capture, now }: Asking,
  startedMs: number,
  head: { readonly answer: TargetResponse; readonly headMs: number } | null,
  why: Failure | null,
): Observation => {
  const { length, trailers, isComplete, lost } = capture
  // What could not be kept has not broken off.
  const complete = why === null && (isComplete || lost !== null)
  return Object.freeze({
    from: target,
    status: head?.answer.status ?? null,
    headers: head?.answer.headers ?? [],
    trailers,
    body: Object.freeze({ bytes: capture.bytes(), length, complete }),
    headMs: head?.headMs ?? null,
    targetMs: head?.answer.targetMs,
    totalMs: now() - startedMs,
    failure: why === null ? null : told(why),
    instead: null,
  })
}

/**
 * Never rejects, and never takes longer than its deadline: a target that says nothing more after it
 * is let go.
 */
export const ask = (send: Send, request: InboundRequest, asking: Asking): Promise<Observation> =>
  new Promise((resolve) => {
    const { target, deadlineMs, capture, stopsUnkept, now } = asking
    const startedMs = now()
    let head: { readonly answer: TargetResponse; readonly headMs: number } | null = null
    let stop: ((why: Failure) => void) | null = null
    let flow: Flow | null = null
    let isOver = false
    const end = (why: Failure | null): void => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      resolve(observed(asking, startedMs, head, why))
    }
    const timer = setTimeout(() => {
      const why = failure('http_response_timeout', target, 'unknown')
      end(why)
      flow?.cancel()
      stop?.(why)
    }, deadlineMs)
    // Whoever reads on at full speed takes the time of all clients, for nothing.
    const isUnwanted = (): boolean => stopsUnkept && capture.lost !== null
    const begin = (answer: TargetResponse): void => {
      if (isOver) {
        discard(answer.body)
        return
      }
      head = { answer, headMs: now() - startedMs }
      flow = answer.body.flow({
        write(chunk) {
          capture.write(chunk)
          if (isUnwanted()) {
            end(null)
            flow?.cancel()
          }
          return true
        },
        end(trailers) {
          capture.end(trailers)
          end(answer.failure)
        },
        fail: end,
      })
      if (isUnwanted()) flow.cancel()
    }
    const outlook = {
      early() {},
      onAbort(run: (why: Failure) => void) {
        stop = run
      },
    }
    send({ ...request, receivedMs: startedMs }, outlook).then(begin, (error: unknown) =>
      end(asFailure(error)),
    )
  })

/** The verb that gives the client its answer, and sees what became of it. */
import { performance } from 'node:perf_hooks'
import type { Exchange } from '../serve.ts'
import { discard } from '../targets/discard.ts'
import { failure, problemResponse } from '../targets/failure.ts'
import type {
  Client,
  Failure,
  Observation,
  RawHeaders,
  Sink,
  TargetResponse,
} from '../targets/send.ts'

/** Writes the head. A head that is no HTTP becomes Banyan's own answer, before a byte has left. */
const writeHead = ({ client, request }: Exchange, answer: TargetResponse): TargetResponse => {
  try {
    client.head(answer)
    return answer
  } catch (cause) {
    discard(answer.body)
    const party = answer.from
    const why = failure('http_protocol_error', party, 'unknown', {
      detail: 'The head of the answer cannot be written as HTTP.',
      cause,
    })
    const problem = problemResponse(why, request.id, answer.instead)
    client.head(problem)
    return problem
  }
}

/** What the client saw of an answer. Fills while its body flows. */
interface Passage extends Sink {
  /** @param why what the client's side says of it; null: it has it all */
  observe(why: Failure | null, headMs: number | null, totalMs: number): Observation
}

const createPassage = (client: Client, answer: TargetResponse): Passage => {
  let length = 0
  let trailers: RawHeaders = []
  let complete = false
  let broken: Failure | null = null
  return {
    write(chunk) {
      length += chunk.length
      return client.write(chunk)
    },
    end(last) {
      trailers = last
      complete = true
      client.end(last)
    },
    fail(why) {
      broken = why
      client.fail(why)
    },
    observe(why, headMs, totalMs) {
      const { from, status, headers, instead, targetMs } = answer
      return Object.freeze({
        from,
        status: headMs === null ? null : status,
        headers,
        trailers,
        body: Object.freeze({ bytes: null, length, complete: complete && why === null }),
        headMs,
        targetMs,
        totalMs,
        failure: answer.failure ?? broken ?? why,
        instead,
      })
    },
  }
}

/** The one writer to a client: resolves once it has it all, or has gone. Never rejects. */
export const respond = (
  exchange: Exchange,
  given: TargetResponse,
  now: () => number = () => performance.now(),
): Promise<Observation> =>
  new Promise((resolve) => {
    const { client, request } = exchange
    let gone = false
    client.onAbort(() => {
      gone = true
    })
    const answer = writeHead(exchange, given)
    const headMs = gone ? null : now() - request.receivedMs
    const passage = createPassage(client, answer)
    client.onDone((why) => resolve(passage.observe(why, headMs, now() - request.receivedMs)))
    if (gone) return discard(answer.body)
    const flow = answer.body.flow(passage)
    // What is all here has flowed.
    if (answer.body.whole !== null) return
    client.onDrain(flow.resume)
    client.onAbort(flow.cancel)
  })

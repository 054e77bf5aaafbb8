/** The body of a request as it comes from the client's socket. */
import type { IncomingMessage } from 'node:http'
import { createFeed } from '../targets/body.ts'
import { failure } from '../targets/failure.ts'
import type { Body } from '../targets/send.ts'

const clientGone = failure('client_gone', 'client', 'unknown')

/** The body, and what its first flow does besides. */
const withFirstFlow = (body: Body, first: () => void): Body => ({
  length: body.length,
  get whole() {
    return body.whole
  },
  get opened() {
    return body.opened
  },
  flow(to) {
    if (!body.opened) first()
    return body.flow(to)
  },
})

/**
 * Feeds a body from a request. At most one chunk waits here before somebody wants it.
 *
 * @param length bytes that Content-Length announces; null for a chunked body
 * @param sendContinue called at the first flow when the client waits for `100 Continue`
 */
export const createUpload = (
  message: IncomingMessage,
  length: number | null,
  sendContinue: (() => void) | null,
): Body => {
  let received = 0
  const feed = createFeed(length, {
    pause: () => message.pause(),
    resume: () => message.resume(),
    // A client that sends everything before it reads anything must get rid of the rest.
    cancel: () => message.resume(),
  })
  message.on('data', (chunk: Uint8Array) => {
    received += chunk.length
    feed.write(chunk)
    // A paused message does not tell its end, and without its end no body is `whole`.
    if (received === length) message.resume()
  })
  message.on('end', () => feed.end(message.rawTrailers))
  message.on('error', () => feed.fail(clientGone))
  return sendContinue === null ? feed.body : withFirstFlow(feed.body, sendContinue)
}

import { Readable } from 'node:stream'
import type { Body, Failure, Flow } from './send.ts'

/** How a stream reads a body: nothing flows before the first read, and never faster than read. */
export interface Upload {
  read(): void
  cancel(): void
}

/**
 * Pushes a body into a stream on demand. A body that nobody reads is never opened.
 *
 * @param ended called once, when all of it has come or will never come (failure)
 */
export const createUpload = (
  body: Body | null,
  into: Readable,
  ended: (why: Failure | null) => void,
): Upload => {
  let flow: Flow | null = null
  let opened = false
  const open = (from: Body): void => {
    opened = true
    flow = from.flow({
      write: (chunk) => into.push(chunk),
      end() {
        ended(null)
        into.push(null)
      },
      fail: ended,
    })
  }
  return {
    read() {
      if (body === null && !opened) {
        opened = true
        ended(null)
        into.push(null)
      } else if (body !== null && !opened) open(body)
      else flow?.resume()
    },
    cancel() {
      if (flow !== null) flow.cancel()
    },
  }
}

/** A body as a Node stream; what breaks it is told once, and destroys the stream. */
export const uploadStream = (body: Body | null, broken: (why: Failure) => void): Readable => {
  const stream = new Readable({
    read: () => upload.read(),
    destroy(error, done) {
      upload.cancel()
      done(error)
    },
  })
  const upload = createUpload(body, stream, (why) => {
    if (why === null) return
    broken(why)
    stream.destroy(new Error(why.detail))
  })
  return stream
}

import { Readable } from 'node:stream'
import type { Body, Failure } from './send.ts'
import { createUpload } from './upload-stream.ts'

/** A body on its way upstream. Nothing flows before somebody reads the stream. */
export interface Uploading {
  readonly stream: Readable
  /** Why the client's side of it broke; null while it has not. */
  failure(): Failure | null
  /** Whether it is the client that everybody waits for, and not the upstream. */
  readonly isWaiting: () => boolean
}

/**
 * @param moved called whenever the upstream takes something, and when the client has sent it all:
 *   `isComplete`
 */
export const createUploading = (body: Body, moved: (isComplete: boolean) => void): Uploading => {
  let failure: Failure | null = null
  let isComplete = false
  const stream = new Readable({
    highWaterMark: 65_536,
    read() {
      moved(isComplete)
      upload.read()
    },
    destroy(error, done) {
      upload.cancel()
      done(error)
    },
  })
  const upload = createUpload(body, stream, (why) => {
    failure = why
    isComplete = why === null
    if (why === null) moved(true)
    else stream.destroy(new Error(why.detail))
  })
  // undici hears errors while it sends; a body that breaks before or after must not end the process.
  stream.on('error', () => {})
  return {
    stream,
    failure: () => failure,
    // undici pauses the stream for as long as the upstream's socket is full.
    isWaiting: () => !isComplete && !stream.isPaused(),
  }
}

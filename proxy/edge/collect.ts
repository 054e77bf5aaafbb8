/**
 * Small uploads are awaited before a target is asked: a whole body can be sent twice, costs no
 * stream, and a slow client holds no place at a target.
 */
import { Buffer } from 'node:buffer'
import { createFeed, wholeBody } from '../targets/body.ts'
import { failure } from '../targets/failure.ts'
import type { Body, RawHeaders } from '../targets/send.ts'

const limitBytes = 16_384

export const isSmall = ({ length, whole, opened }: Body): boolean =>
  length !== null && length <= limitBytes && whole === null && !opened

/**
 * All of a small body, as one that is `whole`. Rejects with a Failure where the client leaves or
 * takes longer than `withinMs`.
 */
export const collect = (body: Body, withinMs: number): Promise<Body> =>
  new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    const timer = setTimeout(() => {
      flow.cancel()
      reject(failure('client_timeout', 'client', 'none'))
    }, withinMs)
    const flow = body.flow({
      write(chunk) {
        chunks.push(chunk)
        return true
      },
      end(trailers: RawHeaders) {
        clearTimeout(timer)
        const [first] = chunks
        const isOne = first !== undefined && chunks.length === 1
        resolve(wholeBody(isOne ? first : Buffer.concat(chunks), trailers))
      },
      fail(why) {
        clearTimeout(timer)
        reject(why)
      },
    })
  })

/**
 * The same body once all of it is here, or so much that its client has shown that it sends (64 KiB,
 * what a feed keeps), or there is a place for it. Resolves where it breaks, too: whoever lets it flow
 * hears of that.
 */
export const awaitUpload = (body: Body, place: Promise<void>): Promise<Body> =>
  new Promise((resolve) => {
    const feed = createFeed(body.length, {
      pause: () => resolve(feed.body),
      resume: () => flow.resume(),
      cancel: () => flow.cancel(),
    })
    const flow = body.flow({
      write: (chunk) => feed.write(chunk),
      end(trailers) {
        feed.end(trailers)
        resolve(feed.body)
      },
      fail(why) {
        feed.fail(why)
        resolve(feed.body)
      },
    })
    void place.then(() => resolve(feed.body))
  })

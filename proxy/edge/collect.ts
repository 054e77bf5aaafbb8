/**
 * Small uploads are awaited before a target is asked: a whole body can be sent twice, costs no
 * stream, and a slow client holds no place at a target.
 */
import { Buffer } from 'node:buffer'
import { wholeBody } from '../targets/body.ts'
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

/** A target whose answers are redacted before anybody compares them with a recorded one. */
import { Buffer } from 'node:buffer'
import type { Redact } from '../shadow/redact.ts'
import type { Body, Observation, RawHeaders, Send, Sink, TargetResponse } from '../targets/send.ts'
import { redactedPlaces } from './redacted-places.ts'

export interface RedactingOptions {
  readonly redact: Redact
  /** A longer body is not looked at; neither is it compared. */
  readonly limitBytes: number
  /** Hears of the places of an answer whose values were redacted, as `redactedPlaces` tells them. */
  readonly onRedacted: (places: readonly string[]) => void
}

const wholeAnswer = (
  { from, status, headers }: TargetResponse,
  bytes: Uint8Array,
  trailers: RawHeaders,
): Observation => ({
  ...{ from, status, headers, trailers, headMs: 0, totalMs: 0, failure: null, instead: null },
  body: { bytes, length: bytes.length, complete: true },
})

export const withRedaction =
  (send: Send, { redact, limitBytes, onRedacted }: RedactingOptions): Send =>
  async (request, outlook) => {
    const answer = await send(request, outlook)
    const { method, url, headers: asked } = request
    const body = request.body?.whole ?? null
    const exchange = redact.exchange({ method, url, headers: asked, body })
    let chunks: Uint8Array[] = []
    let size = 0
    const to = (sink: Sink): Sink => ({
      write(chunk) {
        size += chunk.length
        if (size <= limitBytes) {
          chunks.push(chunk)
          return true
        }
        for (const each of chunks.splice(0)) sink.write(each)
        return sink.write(chunk)
      },
      end(trailers) {
        const raw = wholeAnswer(answer, Buffer.concat(chunks), trailers)
        const shown = exchange.observation(raw)
        chunks = []
        onRedacted(redactedPlaces(raw, shown))
        if (size <= limitBytes && size > 0) sink.write(shown.body.bytes ?? Buffer.alloc(0))
        sink.end(size <= limitBytes ? shown.trailers : trailers)
      },
      fail: sink.fail,
    })
    const { body: told } = answer
    const shownBody: Body = {
      length: null,
      whole: null,
      get opened() {
        return told.opened
      },
      flow: (sink) => told.flow(to(sink)),
    }
    const { headers } = exchange.observation(wholeAnswer(answer, Buffer.alloc(0), []))
    return { ...answer, headers, body: shownBody }
  }

/** Which uploads go to their target as they come, and which have to show first that they come. */
import { rawHeader } from '../targets/raw-header.ts'
import type { InboundRequest, TargetResponse } from '../targets/send.ts'
import { awaitUpload } from './collect.ts'

export interface UploadPlaces {
  /** Sends a request to a target, its upload as soon as that may be. Rejects as `send` does. */
  take(
    target: string,
    request: InboundRequest,
    send: (request: InboundRequest) => Promise<TargetResponse>,
  ): Promise<TargetResponse>
}

interface Uploads {
  /** Sent, and not answered yet. */
  open: number
  /** Told in turn that there is a place, though less than what they wait for has come. */
  readonly waiting: Set<() => void>
  readonly most: number
}

/** Room for slow uploads: the other half of a target's places is everybody else's. */
const eagerUploads = (places: number): number => Math.max(1, Math.floor(places / 2))

const leave = (uploads: Uploads): void => {
  uploads.open -= 1
  const [next] = uploads.waiting
  if (next === undefined || uploads.open >= uploads.most) return
  uploads.waiting.delete(next)
  next()
}

const awaitTurn = async (
  { waiting }: Uploads,
  request: InboundRequest,
): Promise<InboundRequest> => {
  const { body } = request
  if (body === null) return request
  let tell = (): void => {}
  const place = new Promise<void>((resolve) => {
    tell = resolve
  })
  waiting.add(tell)
  const shown = await awaitUpload(body, place)
  waiting.delete(tell)
  return { ...request, body: shown }
}

/**
 * Uploads that their clients have not finished go at once to a target of which they hold less than
 * half the places: an answer in the middle of an upload comes through. Beyond that they wait until
 * 64 KiB or all of it are here, or until there is a place: slow ones never hold all of a target.
 *
 * @param placesOf how many requests a target takes at once
 */
export const createUploadPlaces = (placesOf: (target: string) => number): UploadPlaces => {
  const known = new Map<string, Uploads>()
  const uploadsOf = (target: string): Uploads => {
    const found = known.get(target)
    if (found !== undefined) return found
    const made = { open: 0, waiting: new Set<() => void>(), most: eagerUploads(placesOf(target)) }
    known.set(target, made)
    return made
  }
  return {
    async take(target, request, send) {
      const { body, headers } = request
      if (body === null || body.whole !== null) return send(request)
      const uploads = uploadsOf(target)
      // A client that asks whether to send at all sends nothing before it is answered.
      const isLate = uploads.open >= uploads.most && rawHeader(headers, 'expect') === null
      const ready = isLate ? await awaitTurn(uploads, request) : request
      uploads.open += 1
      try {
        return await send(ready)
      } finally {
        leave(uploads)
      }
    },
  }
}

/** What waits to be written, bounded: it never grows because a database is slow or away. */
import { Buffer } from 'node:buffer'
import type { Evidence } from '../cutover/evidence.ts'
import type { Exemplar } from '../shadow/finding.ts'
import type { Observation, RawHeaders } from '../targets/send.ts'
import type { Batch } from './store-worker.ts'

export interface QueueLimits {
  /** Routes and epochs whose evidence may wait. */
  readonly evidence: number
  readonly exemplars: number
  /** Of exemplars, about. */
  readonly bytes: number
  /** About so much of them goes into one batch, and so much evidence. */
  readonly batchBytes: number
  readonly batchEvidence: number
}

export const queueLimits: QueueLimits = {
  evidence: 5_000,
  exemplars: 500,
  bytes: 32 * 1_048_576,
  batchBytes: 1_048_576,
  batchEvidence: 20,
}

export interface WriteQueue {
  /** Newer evidence takes the place of older. Returns how many items had to go for it: the oldest. */
  addEvidence(evidence: Evidence): number
  /** False: there is no room, so this one is lost. */
  addExemplar(exemplar: Exemplar): boolean
  /** Takes what is written next; null: nothing waits. */
  take(): Batch | null
  /** Puts back what could not be written, before all others. Returns how many items are lost. */
  giveBack(batch: Batch): number
  readonly size: number
}

const keyOf = ({ route, epoch, instance }: Evidence): string =>
  JSON.stringify([route, epoch, instance])

const sizeOfHeaders = (headers: RawHeaders): number =>
  headers.reduce((sum, text) => sum + text.length, 0)

const sizeOfObservation = (seen: Observation | null): number =>
  seen === null ? 0 : sizeOfHeaders(seen.headers) + (seen.body.bytes?.length ?? 0) + 200

/** Bytes that an exemplar takes, about. */
export const sizeOf = ({ request, legacy, modern, comparison }: Exemplar): number => {
  const { differences = [], excused = [], noise = [] } = comparison ?? {}
  const places = differences.length + excused.length + noise.length
  const body = request.body?.length ?? 0
  const own = Buffer.byteLength(request.url) + sizeOfHeaders(request.headers) + body + 500
  return own + sizeOfObservation(legacy) + sizeOfObservation(modern) + places * 400
}

/** An error of any kind may be a cause; it cannot cross threads and is not for keeping. */
const withoutCause = (seen: Observation | null): Observation | null => {
  if (seen === null) return null
  const failure = seen.failure === null ? null : { ...seen.failure, cause: null }
  return { ...seen, failure, instead: withoutCause(seen.instead) }
}

/** Exemplars in the order in which they came; a new one is refused where there is no room. */
const createLine = (limits: QueueLimits) => {
  let line: Exemplar[] = []
  let bytes = 0
  const add = (exemplar: Exemplar): boolean => {
    const size = sizeOf(exemplar)
    if (line.length >= limits.exemplars || bytes + size > limits.bytes) return false
    bytes += size
    line.push(exemplar)
    return true
  }
  return {
    add,
    /** Returns how many of the youngest had to go. */
    addFirst(before: readonly Exemplar[]): number {
      const all = [...before, ...line]
      line = []
      bytes = 0
      return all.filter((exemplar) => !add(exemplar)).length
    },
    take(): readonly Exemplar[] {
      let size = 0
      let count = 0
      for (const exemplar of line) {
        if (size >= limits.batchBytes) break
        size += sizeOf(exemplar)
        count += 1
      }
      bytes -= size
      return line.splice(0, count)
    },
    size: (): number => line.length,
  }
}

export const createWriteQueue = (limits: QueueLimits = queueLimits): WriteQueue => {
  const evidence = new Map<string, Evidence>()
  const exemplars = createLine(limits)

  const trim = (): number => {
    let gone = 0
    for (const key of evidence.keys()) {
      if (evidence.size <= limits.evidence) break
      evidence.delete(key)
      gone += 1
    }
    return gone
  }
  return {
    addEvidence(given) {
      evidence.set(keyOf(given), given)
      return trim()
    },
    addExemplar: (given) =>
      exemplars.add({
        ...given,
        legacy: withoutCause(given.legacy),
        modern: withoutCause(given.modern),
      }),
    take() {
      if (evidence.size + exemplars.size() === 0) return null
      const oldest = [...evidence].slice(0, limits.batchEvidence)
      for (const [key] of oldest) evidence.delete(key)
      return { evidence: oldest.map(([, each]) => each), exemplars: exemplars.take() }
    },
    giveBack(batch) {
      const newer = [...evidence.values()]
      evidence.clear()
      for (const each of [...batch.evidence, ...newer]) evidence.set(keyOf(each), each)
      return exemplars.addFirst(batch.exemplars) + trim()
    },
    get size() {
      return evidence.size + exemplars.size()
    },
  }
}

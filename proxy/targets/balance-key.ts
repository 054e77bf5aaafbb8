import type { HashSource } from '../config/upstream-config.ts'
import { callerKey } from '../routing/caller.ts'
import type { InboundRequest } from './send.ts'

const readSource = (request: InboundRequest, source: HashSource): string | null =>
  source.from === 'address' ? request.peer.address : callerKey(request, [source])

/** What a request is hashed by: the first source that has anything; null where none has. */
export const createBalanceKey =
  (sources: readonly HashSource[]): ((request: InboundRequest) => string | null) =>
  (request) => {
    for (const source of sources) {
      const key = readSource(request, source)
      if (key !== null) return key
    }
    return null
  }

/** Exchanges for tests: one that went well, and what a test says of another. */
import type { Decision } from '../routing/choose.ts'
import { plainRoute } from '../routing/plain-route.ts'
import type { InboundRequest, Observation } from '../targets/send.ts'
import type { Fields, Log, LogLevel } from './log.ts'

export const plainRequest = (changes: Partial<InboundRequest> = {}): InboundRequest => ({
  id: 'request-1',
  method: 'GET',
  version: '1.1',
  url: '/api/articles?tag=secret&limit=5',
  path: '/api/articles',
  headers: ['Host', 'shop.example'],
  peer: { address: '203.0.113.7', scheme: 'http', host: 'shop.example', trusted: false },
  body: null,
  receivedMs: 0,
  refusal: null,
  ...changes,
})

export const plainDecision = (changes: Partial<Decision> = {}): Decision => ({
  route: plainRoute('articles.list'),
  primary: 'legacy',
  fallback: null,
  shadow: null,
  reason: 'stage',
  counts: true,
  ...changes,
})

export const plainObservation = (changes: Partial<Observation> = {}): Observation => ({
  from: 'legacy',
  status: 200,
  headers: [],
  trailers: [],
  body: { bytes: null, length: 120, complete: true },
  headMs: 12,
  totalMs: 20,
  failure: null,
  instead: null,
  ...changes,
})

export interface HeardLine {
  readonly level: LogLevel
  readonly event: string
  readonly fields: Fields
}

/** A log that only remembers. */
export const createHeardLog = (): { readonly log: Log; readonly heard: HeardLine[] } => {
  const heard: HeardLine[] = []
  const say =
    (level: LogLevel) =>
    (event: string, fields: Fields = {}): void =>
      void heard.push({ level, event, fields })
  const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
  return { log, heard }
}

/**
 * What may be kept of an exchange. Everything that is stored, logged or exported goes through this
 * before it is queued; equal secrets become equal tokens, so that differences can still be seen.
 */
import { fieldsOf } from '../compare/compare-headers.ts'
import type { NoisyPlace } from '../compare/noise.ts'
import type { StoredDetail } from '../config/shadow-config.ts'
import type { Observation, RawHeaders } from '../targets/send.ts'
import { redactQuery } from '../telemetry/redact-url.ts'
import type { Exemplar, Tally } from './finding.ts'
import { createBodyRedaction, createDocumentRedaction } from './redact-body.ts'
import { redactHeader, redactHeaders } from './redact-headers.ts'
import { createJsonRedaction } from './redact-json.ts'
import { createSecretNames } from './redact-names.ts'
import { createPlaceRedaction, withoutValues } from './redact-places.ts'
import { createTextRedaction } from './redact-text.ts'
import { createTokens } from './redact-token.ts'

export interface RedactOptions {
  /** Of the tokens; equal keys make equal tokens. */
  readonly key: Uint8Array
  /** Names of fields, headers and parameters whose values are secret, besides the built-in ones. */
  readonly names?: readonly string[]
  /** Default `redacted`. */
  readonly level?: StoredDetail
}

export type ExchangeRequest = Exemplar['request']

/** Pure, and never throws on anything that a target or a client sent. */
export interface Redact {
  /** What may be kept of it at this level; null at `none`. */
  exemplar(exemplar: Exemplar): Exemplar | null
  /** As it may be counted and shown: patterns without what looks like a secret. */
  tally(tally: Tally): Tally
  /** For recordings, whatever the level. */
  request(request: ExchangeRequest): ExchangeRequest
  observation(seen: Observation): Observation
  noise(places: readonly NoisyPlace[]): readonly NoisyPlace[]
  /** A request target or any other URL. */
  url(url: string): string
  /** One value of a header. */
  header(name: string, value: string): string
  /** Any other text: JSON, markup, prose. */
  text(text: string): string
}

const deepest = 4

const createParts = ({ key, names: more = [] }: RedactOptions) => {
  const names = createSecretNames(more)
  const tokens = createTokens(key)
  const { plain, url, form } = createTextRedaction(names, tokens)
  /** Strings in JSON may hold JSON again, to some depth. */
  const textAt = (depth: number): ((text: string) => string) => {
    if (depth === 0) return plain
    const { json } = createJsonRedaction({ names, tokens, text: textAt(depth - 1) })
    return createDocumentRedaction({ text: plain, json })
  }
  const text = textAt(deepest)
  const { json } = createJsonRedaction({ names, tokens, text: textAt(deepest - 1) })
  const { body } = createBodyRedaction({ names, tokens, text: plain, json, form })
  const places = createPlaceRedaction({ names, tokens, text, json })
  return { headers: { names, tokens, text, url }, body, places, text, url }
}

type Parts = ReturnType<typeof createParts>
type OfRequest = (request: ExchangeRequest) => ExchangeRequest
type OfObservation = (seen: Observation) => Observation

const redactRequest =
  ({ headers, body, url }: Parts): OfRequest =>
  (request) => ({
    ...request,
    url: url(request.url),
    headers: redactHeaders(request.headers, headers),
    body: request.body === null ? null : body(request.body, fieldsOf(request.headers)),
  })

const redactObservation = ({ headers, body, text }: Parts): OfObservation => {
  const redact: OfObservation = (seen) => {
    const { failure, instead } = seen
    const { bytes } = seen.body
    return {
      ...seen,
      headers: redactHeaders(seen.headers, headers),
      trailers: redactHeaders(seen.trailers, headers),
      body: { ...seen.body, bytes: bytes === null ? null : body(bytes, fieldsOf(seen.headers)) },
      failure: failure === null ? null : { ...failure, detail: text(failure.detail), cause: null },
      instead: instead === null ? null : redact(instead),
    }
  }
  return redact
}

const namesOnly = (headers: RawHeaders): RawHeaders =>
  headers.map((text, at) => (at % 2 === 0 ? text : '…'))

const bareRequest =
  ({ url }: Parts): OfRequest =>
  (request) => ({
    ...request,
    url: redactQuery(url(request.url)),
    headers: namesOnly(request.headers),
    body: null,
  })

const bareObservation: OfObservation = (seen) => ({
  ...seen,
  headers: namesOnly(seen.headers),
  trailers: namesOnly(seen.trailers),
  body: { ...seen.body, bytes: null },
  failure: seen.failure === null ? null : { ...seen.failure, detail: '', cause: null },
  instead: seen.instead === null ? null : bareObservation(seen.instead),
})

const wholeObservation: OfObservation = (seen) => ({
  ...seen,
  failure: seen.failure === null ? null : { ...seen.failure, cause: null },
  instead: seen.instead === null ? null : wholeObservation(seen.instead),
})

interface Way {
  readonly request: OfRequest
  readonly observation: OfObservation
  readonly comparison: (comparison: NonNullable<Exemplar['comparison']>) => typeof comparison
}

const waysOf = (parts: Parts): Readonly<Record<Exclude<StoredDetail, 'none'>, Way>> => ({
  paths: {
    request: bareRequest(parts),
    observation: bareObservation,
    comparison: (comparison) => withoutValues(comparison, parts.places.pattern),
  },
  redacted: {
    request: redactRequest(parts),
    observation: redactObservation(parts),
    comparison: parts.places.comparison,
  },
  full: {
    request: (request) => request,
    observation: wholeObservation,
    comparison: (comparison) => comparison,
  },
})

export const createRedact = (options: RedactOptions): Redact => {
  const parts = createParts(options)
  const ways = waysOf(parts)
  const { level = 'redacted' } = options
  const way = level === 'none' ? null : ways[level]
  const { pattern } = parts.places
  return {
    exemplar(exemplar) {
      if (way === null) return null
      const { request, reason, comparison, legacy, modern } = exemplar
      return {
        ...exemplar,
        request: way.request(request),
        reason: reason === null ? null : parts.text(reason),
        comparison: comparison === null ? null : way.comparison(comparison),
        legacy: legacy === null ? null : way.observation(legacy),
        modern: modern === null ? null : way.observation(modern),
      }
    },
    tally: (tally) => ({
      ...tally,
      places: tally.places.map((place) => ({ ...place, pattern: pattern(place.pattern) })),
      discordant:
        tally.discordant?.map((place) => ({ ...place, pattern: pattern(place.pattern) })) ?? null,
    }),
    request: ways.redacted.request,
    observation: ways.redacted.observation,
    noise: (places) => places.map(parts.places.noise),
    url: parts.url,
    header: (name, value) => redactHeader(name, value, parts.headers),
    text: parts.text,
  }
}

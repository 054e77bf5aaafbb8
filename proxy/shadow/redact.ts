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
import { createSecretNames, type SecretNames } from './redact-names.ts'
import { createPlaceRedaction, withoutValues } from './redact-places.ts'
import { hideRepeated, noteSecrets } from './redact-repeated.ts'
import { createTextRedaction } from './redact-text.ts'
import { createTokens, type Tokens } from './redact-token.ts'
import type { Refused } from './writes/egress.ts'

export interface RedactOptions {
  /** Of the tokens; equal keys make equal tokens. */
  readonly key: Uint8Array
  /** Names of fields, headers and parameters whose values are secret, besides the built-in ones. */
  readonly names?: readonly string[]
  /** Default `redacted`. */
  readonly level?: StoredDetail
}

export type ExchangeRequest = Exemplar['request']

/** What may be kept of one exchange. */
export interface RedactExchange {
  readonly request: ExchangeRequest
  observation(seen: Observation): Observation
  noise(places: readonly NoisyPlace[]): readonly NoisyPlace[]
  text(text: string): string
}

/** Pure, and never throws on anything that a target or a client sent. */
export interface Redact {
  /** What may be kept of it at this level; null at `none`. */
  exemplar(exemplar: Exemplar): Exemplar | null
  /**
   * As it may be counted and shown: patterns without what looks like a secret.
   *
   * @param request of which it is
   */
  tally(tally: Tally, request: ExchangeRequest): Tally
  /** For recordings, whatever the level: secrets of the request are found in its answers, too. */
  exchange(request: ExchangeRequest): RedactExchange
  noise(places: readonly NoisyPlace[]): readonly NoisyPlace[]
  /** A request target or any other URL. */
  url(url: string): string
  /** One value of a header. */
  header(name: string, value: string): string
  /** Any other text: JSON, markup, prose. */
  text(text: string): string
}

const deepest = 4

interface Known {
  readonly names: SecretNames
  readonly tokens: Tokens
  /** Takes out what is secret by where else it stands. */
  readonly repeated: (text: string) => string
}

const createParts = ({ names, tokens, repeated }: Known) => {
  const { plain, url, form } = createTextRedaction(names, tokens, repeated)
  /** Strings in JSON may hold JSON again, to some depth. */
  const textAt = (depth: number): ((text: string) => string) => {
    if (depth === 0) return plain
    const { json } = createJsonRedaction({ names, tokens, repeated, text: textAt(depth - 1) })
    return createDocumentRedaction({ text: plain, json })
  }
  const text = textAt(deepest)
  const { json } = createJsonRedaction({ names, tokens, repeated, text: textAt(deepest - 1) })
  const { body } = createBodyRedaction({ names, tokens, text: plain, json, form })
  const places = createPlaceRedaction({ names, tokens, text, url, json })
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

/** By request: what its own secrets are, wherever they stand. */
const createPartsOf = (
  names: SecretNames,
  tokens: Tokens,
): ((request: ExchangeRequest) => Parts) => {
  const known = new WeakMap<ExchangeRequest, Parts>()
  return (request) => {
    const before = known.get(request)
    if (before !== undefined) return before
    const noting = noteSecrets(tokens)
    redactRequest(createParts({ names, tokens: noting.tokens, repeated: (text) => text }))(request)
    const parts = createParts({ names, tokens, repeated: hideRepeated(noting.secrets(), tokens) })
    known.set(request, parts)
    return parts
  }
}

const redactExemplar = (exemplar: Exemplar, way: Way, { text }: Parts): Exemplar => {
  const { request, reason, comparison, legacy, modern, egress } = exemplar
  const refused = ({ what, requests }: Refused): Refused => ({
    what: text(what),
    requests: requests.map(text),
  })
  return {
    ...exemplar,
    request: way.request(request),
    reason: reason === null ? null : text(reason),
    comparison: comparison === null ? null : way.comparison(comparison),
    legacy: legacy === null ? null : way.observation(legacy),
    modern: modern === null ? null : way.observation(modern),
    ...(egress === undefined ? {} : { egress: egress.map(refused) }),
  }
}

const redactTally = (tally: Tally, { pattern }: Parts['places']): Tally => {
  const shown = <P extends { readonly pattern: string }>(place: P): P => ({
    ...place,
    pattern: pattern(place.pattern),
  })
  const { places, discordant } = tally
  return { ...tally, places: places.map(shown), discordant: discordant?.map(shown) ?? null }
}

export const createRedact = ({ key, names: more, level = 'redacted' }: RedactOptions): Redact => {
  const names = createSecretNames(more)
  const tokens = createTokens(key)
  const parts = createParts({ names, tokens, repeated: (text) => text })
  const partsOf = createPartsOf(names, tokens)
  return {
    exemplar(exemplar) {
      if (level === 'none') return null
      const own = partsOf(exemplar.request)
      return redactExemplar(exemplar, waysOf(own)[level], own)
    },
    tally: (tally, request) =>
      tally.places.length === 0 && !tally.discordant?.length
        ? tally
        : redactTally(tally, partsOf(request).places),
    exchange(request) {
      const own = partsOf(request)
      return {
        request: redactRequest(own)(request),
        observation: redactObservation(own),
        noise: (places) => places.map(own.places.noise),
        text: own.text,
      }
    },
    noise: (places) => places.map(parts.places.noise),
    url: parts.url,
    header: (name, value) => redactHeader(name, value, parts.headers),
    text: parts.text,
  }
}

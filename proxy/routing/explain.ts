/** Answers who would answer a request, and why, by the very functions that decide. Sends nothing. */
import { Buffer } from 'node:buffer'
import type { Route } from '../config/config.ts'
import type { Stage, Target } from '../stage.ts'
import { plans } from '../stage.ts'
import type { Peer, RawHeaders } from '../targets/send.ts'
import type { Ambiguity, FindAmbiguity } from './ambiguity.ts'
import { bucketOf } from './bucket.ts'
import { callerKey } from './caller.ts'
import { canonicalPath } from './canonical.ts'
import { type Conditions, choose, type Decision, type DecisionReason } from './choose.ts'
import type { Force } from './force.ts'
import type { Matcher } from './match.ts'

/** A request that somebody asks about. */
export interface Inquiry {
  readonly method: string
  /** A request target: a path with its query, or an absolute URL. */
  readonly url: string
  readonly headers: RawHeaders
  /** The caller key to assume; null: what the headers say. */
  readonly key: string | null
}

/** What decides: of a running proxy, or of a config file alone. */
export interface Explainer {
  readonly matcher: Matcher
  readonly findAmbiguity: FindAmbiguity
  readonly conditions: Conditions
  readonly force: Force
}

export interface Explanation {
  /** Canonical: what the patterns were compared with. */
  readonly path: string
  /** What else legacy may take the path for, and what is done about it; null: nothing. */
  readonly ambiguity: Ambiguous | null
  /** Null: no route takes the request, and everything below is null. */
  readonly route: string | null
  readonly stage: Stage | null
  readonly primary: Target | null
  /** Name of the upstream that answers, or `handlers`. */
  readonly upstream: string | null
  readonly fallback: Target | null
  /** Who is asked as well, for the route's sample of requests. */
  readonly shadow: Target | null
  readonly reason: DecisionReason | null
  /** One sentence for people. */
  readonly why: string
  /** Where the caller stands, at a stage that splits callers; null elsewhere or without a key. */
  readonly caller: { readonly key: string; readonly cohort: string; readonly bucket: number } | null
}

/** Readings of the path that lead to other routes, by their ids; null: to none. */
export interface Ambiguous {
  readonly policy: Ambiguity['policy']
  /** The route of the canonical path. */
  readonly canonical: string
  readonly readings: readonly {
    readonly profile: string
    readonly path: string
    readonly route: string | null
  }[]
}

const ambiguousOf = (canonical: Route, found: Ambiguity | null): Ambiguous | null => {
  if (found === null) return null
  const readings = found.readings.map(({ profile, path, route }) => ({
    profile,
    path,
    route: route?.id ?? null,
  }))
  return { policy: found.policy, canonical: canonical.id, readings }
}

/** Whoever asks here has the machine's own rights. */
const peer: Peer = { address: '127.0.0.1', scheme: 'http', host: '', trusted: false }

const hostOf = ({ url, headers }: Inquiry): string => {
  const [, authority] = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url) ?? []
  const line = headers.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  return authority ?? (line === -1 ? '' : (headers[line + 1] ?? ''))
}

/** An assumed key stands in for whatever the sources would have found. */
const keyHeader = 'x-banyan-assumed-key'
const assume = (route: Route, { key }: Inquiry): Route =>
  key === null ? route : { ...route, caller: [{ from: 'header', name: keyHeader }] }

const callerOf = (route: Route, headers: RawHeaders): Explanation['caller'] => {
  const key = plans[route.stage].primary === 'split' ? callerKey({ headers }, route.caller) : null
  return key === null ? null : { key, cohort: route.cohort, bucket: bucketOf(route.cohort, key) }
}

const percent = (bp: number): string => `${bp / 100} %`

const because: Readonly<
  Record<DecisionReason, (decision: Decision, caller: Explanation['caller']) => string>
> = {
  kill: () => 'A kill is in force: the route belongs to legacy until it ends.',
  forced: () => 'The request names its target by a force.',
  breaker: ({ primary }) => `The breaker is open; ${primary} answers in the meantime.`,
  health: ({ primary }) => `No address of the target is well; ${primary} answers in the meantime.`,
  weight: ({ primary, route: { weightBp } }, caller) =>
    caller === null
      ? 'The route is at canary and the request has no caller key: legacy answers.'
      : `Bucket ${caller.bucket} of 10000 ${primary === 'modern' ? 'belongs' : 'does not belong'} to the weight of ${percent(weightBp)}.`,
  stage: ({ route: { stage } }) => `The route is at ${stage}.`,
}

const nobody = (path: string, why: string, ambiguity: Ambiguous | null = null): Explanation => ({
  path,
  ambiguity,
  route: null,
  stage: null,
  primary: null,
  upstream: null,
  fallback: null,
  shadow: null,
  reason: null,
  why,
  caller: null,
})

const unread: Readonly<Record<Ambiguity['policy'], string>> = {
  report: 'No route takes this request.',
  strictest: 'Legacy may take the path for one that no route takes: it is answered 404.',
  reject: 'Legacy may take the path for another route: it is answered 400.',
}

/** Never throws. A forged force is ignored, as it would be. */
export const explain = (by: Explainer, inquiry: Inquiry): Explanation => {
  const { method, url, key } = inquiry
  const path = canonicalPath(url)
  // Headers travel as latin1; the key was typed.
  const wireKey = key === null ? [] : [keyHeader, Buffer.from(key).toString('latin1')]
  const headers = [...wireKey, ...inquiry.headers]
  const asked = { method, url, path, headers, host: hostOf(inquiry) }
  const canonical = by.matcher.match(asked)
  if (canonical === null) return nobody(path, 'No route takes this request.')
  const ambiguity = by.findAmbiguity(asked, canonical)
  const ambiguous = ambiguousOf(canonical, ambiguity)
  const found = ambiguity === null ? canonical : ambiguity.route
  if (found === null) return nobody(path, unread[ambiguous?.policy ?? 'report'], ambiguous)
  const route = assume(found, inquiry)
  const forced = by.force({ headers, peer })
  const target = forced === null || forced === 'invalid' ? null : forced.target
  const decision = choose({ headers }, route, by.conditions, target)
  const { primary, fallback, shadow, reason } = decision
  const caller = callerOf(route, headers)
  return {
    path,
    ambiguity: ambiguous,
    route: route.id,
    stage: route.stage,
    primary,
    upstream: route[primary],
    fallback,
    shadow,
    reason,
    why: because[reason](decision, caller),
    caller,
  }
}

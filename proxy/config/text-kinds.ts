/** The texts of the config that have a form of their own. Pure. */
import { isIP } from 'node:net'
import { patternProblem } from '../routing/pattern.ts'
import { type Stage, stages } from '../stage.ts'
import { parseStoreUrl, storeUrlForms } from '../store/store-url.ts'
import type { CallerSource } from './caller-source.ts'
import type { Match } from './config.ts'
import { fault, isFault } from './diagnostics.ts'
import { type Kind, oneOf, text, textKind, wrongType } from './kinds.ts'
import { formatShare, readShare } from './units.ts'
import type { Balance, HashSource } from './upstream-config.ts'

/** A reference, or the word null that takes an inherited one away. */
export const reference: Kind<string | null> = {
  read: (value) => (value === null ? null : text.read(value)),
  written: { type: ['string', 'null'] },
}

/** A token of RFC 9110 §5.6.2, lower case: names of headers do not differ by it. */
export const headerName: Kind<string> = textKind({
  fault: 'badText',
  expected: 'the name of a header, such as x-user-id',
  read: (given) => (/^[!#$%&'*+.^_`|~\w-]+$/.test(given) ? given.toLowerCase() : null),
})

/** Protocols of HTTP itself: who tunnels them lets requests past that nobody has routed. */
const ofHttp = /^(?:h2c?|http|tls)(?:\/|$)/i

export const protocol: Kind<string> = textKind({
  fault: 'badText',
  expected: 'the name of a protocol such as websocket; h2c, HTTP and TLS are never tunnelled',
  read: (given) =>
    /^[!#$%&'*+./^_`|~\w-]+$/.test(given) && !ofHttp.test(given) ? given.toLowerCase() : null,
})

export const cookieName: Kind<string> = textKind({
  fault: 'badText',
  expected: 'the name of a cookie: letters, digits and no separators',
  read: (given) => (/^[!#$%&'*+.^_`|~\w-]+$/.test(given) ? given : null),
})

export const variableName: Kind<string> = textKind({
  fault: 'badText',
  expected:
    'the name of an environment variable, such as BANYAN_FORCE_KEY (never the secret itself)',
  read: (given) => (/^[A-Za-z_]\w*$/.test(given) ? given : null),
})

export const storeUrl: Kind<string> = textKind({
  fault: 'badText',
  expected: storeUrlForms,
  read: (given) => (parseStoreUrl(given) === null ? null : given),
})

/** Whose binary log is read. */
export const binlog: Kind<string> = textKind({
  fault: 'badText',
  expected: 'auto, off or mysql://user:password@host/database',
  read: (given) =>
    given === 'auto' || given === 'off' || parseStoreUrl(given)?.form === 'mysql' ? given : null,
})

const isCidr = (given: string): boolean => {
  const [address = '', prefix, ...more] = given.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  if (prefix === undefined) return true
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128)
}

/** An address or a network; a plain address is the network of itself. */
export const cidr: Kind<string> = textKind({
  fault: 'badText',
  expected: 'an address or network such as 10.0.0.0/8 or ::1/128',
  read: (given) => {
    if (!isCidr(given)) return null
    return given.includes('/') ? given : `${given}/${isIP(given) === 4 ? 32 : 128}`
  },
})

const isOrigin = (given: string): boolean => {
  if (/^unix:\/./.test(given)) return true
  const url = URL.canParse(given) ? new URL(given) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return false
  return url.username === '' && /^[a-z]+:\/\/[^/?#]+\/?$/i.test(given)
}

const httpOrigin: Kind<string> = textKind({
  fault: 'badText',
  expected:
    'an origin without path, query or password: http://host:port, https://host:port or unix:/run/app.sock',
  pattern: '^([Hh][Tt][Tt][Pp][Ss]?://[^/?#]+/?$|unix:/.)',
  read: (given) => (isOrigin(given) ? given.replace(/\/$/, '') : null),
})

export const origin: Kind<string> = {
  ...httpOrigin,
  read: (value) =>
    typeof value === 'string' && /^fastcgi:/i.test(value)
      ? fault(
          'badText',
          'an upstream speaks HTTP: http://host:port, https://host:port or unix:/run/app.sock',
          'FastCGI needs a web server between, such as nginx or Apache before PHP-FPM',
        )
      : httpOrigin.read(value),
}

export const hostHeader: Kind<'preserve' | 'target' | { readonly literal: string }> = textKind({
  fault: 'badText',
  expected: 'preserve, target, or a host name such as shop.example:8080',
  read: (given) => {
    if (given === 'preserve' || given === 'target') return given
    return /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(given) ? { literal: given } : null
  },
})

export const callerKey: Kind<CallerSource> = textKind({
  fault: 'badText',
  expected: 'where the caller key is found: claim:sub, header:x-user-id or cookie:uid',
  pattern: '^(claim|header|cookie):.+$',
  read: (given) => {
    const [, from, name = ''] = /^(claim|header|cookie):([\w.!#$%&'*+^`|~-]+)$/.exec(given) ?? []
    if (from === 'header') return { from, name: name.toLowerCase() }
    return from === 'claim' || from === 'cookie' ? { from, name } : null
  },
})

/** As a caller key is found, or the address of the client. */
export const hashSource: Kind<HashSource> = {
  read: (value) => {
    if (value === 'address') return { from: 'address' }
    const source = callerKey.read(value)
    return isFault(source)
      ? fault(
          typeof value === 'string' ? 'badText' : 'wrongType',
          'expected what to hash by: cookie:uid, header:x-user-id, claim:sub or address',
        )
      : source
  },
  written: { type: 'string', pattern: '^((claim|header|cookie):.+|address)$' },
}

/** The short form of a list of one. */
export const hashSources: Kind<readonly HashSource[]> = {
  read: (value) => {
    const source = hashSource.read(value)
    return isFault(source) ? source : [source]
  },
  written: hashSource.written,
}

const balances = oneOf(['roundRobin', 'leastInFlight', 'p2c'])

export const balanceName: Kind<Exclude<Balance, object>> = {
  ...balances,
  read: (value) =>
    value === 'hash'
      ? fault(
          'notAllowed',
          'a hash needs something to go by',
          'balance: { hash: cookie:uid }, or a header:, a claim: or address',
        )
      : balances.read(value),
}

/** A name that a certificate can bear. */
export const tlsName: Kind<string> = textKind({
  fault: 'badText',
  expected: 'a host name without port, such as shop.example',
  read: (given) => (/^[\w-]+(\.[\w-]+)*$/.test(given) ? given.toLowerCase() : null),
})

export const example: Kind<string> = textKind({
  fault: 'badText',
  expected: 'a request line such as GET /api/articles?limit=5',
  pattern: '^[A-Z]+ /',
  read: (given) => (/^[A-Z]+ \/\S*$/.test(given) ? given : null),
})

export const pathText: Kind<string> = textKind({
  fault: 'badText',
  expected: 'a path that starts with "/"',
  pattern: '^/',
  read: (given) => (/^\/\S*$/.test(given) ? given : null),
})

/** How far a rollout may go: a stage, at canary with the weight: `canary-10`. */
export const ceiling: Kind<{ readonly stage: Stage; readonly weightBp: number | null }> = textKind({
  fault: 'badText',
  expected: `the stage to stop at, such as shadow, canary-10 or modern`,
  read: (given) => {
    const [, name, weight] = /^([a-z]+)(?:-([\d.]+))?$/.exec(given) ?? []
    const stage = stages.find((known) => known === name)
    if (stage === undefined) return null
    if (weight === undefined) return { stage, weightBp: null }
    const weightBp = readShare(`${weight}%`)
    return stage === 'canary' && weightBp !== null ? { stage, weightBp } : null
  },
})

export const formatCeiling = (at: { stage: Stage; weightBp: number | null }): string =>
  at.weightBp === null ? at.stage : `${at.stage}-${formatShare(at.weightBp).slice(0, -1)}`

export const method: Kind<string> = textKind({
  fault: 'badMatch',
  expected: 'a method in upper case, such as GET',
  pattern: '^[A-Z-]+$',
  read: (given) => (/^[A-Z][A-Z-]*$/.test(given) ? given : null),
})

export const pathPattern: Kind<string> = {
  read: (value) => {
    if (typeof value !== 'string') return wrongType('a path such as /orders/:id', value)
    const problem = patternProblem(value)
    return problem === null ? value : fault('badMatch', problem)
  },
  written: { type: 'string', pattern: '^/' },
}

export const hostPattern: Kind<string> = textKind({
  fault: 'badMatch',
  expected: 'a host without port, such as shop.example or *.shop.example',
  read: (given) =>
    /^(\*\.)?[\w-]+(\.[\w-]+)*$|^\[[\da-f:.]+\]$/i.test(given) ? given.toLowerCase() : null,
})

/** GET implies HEAD (RFC 9110 §9.3.2). */
export const widen = (methods: readonly string[]): readonly string[] => [
  ...new Set(methods.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]))),
]

/** The short form of a match: `/path`, `GET /path`, `GET|POST /path`. */
export const matchText: Kind<Match> = {
  read: (value) => {
    if (typeof value !== 'string') return wrongType('a match such as GET /orders/:id', value)
    const [, names, path = ''] = /^(?:(\S+)[ \t]+)?(\S+)$/.exec(value.trim()) ?? []
    const methods = names?.split('|') ?? []
    const odd = methods.find((name) => typeof method.read(name) !== 'string')
    if (path === '' || odd !== undefined)
      return fault('badMatch', 'expected a match such as /path, GET /path or GET|POST /path')
    const problem = patternProblem(path)
    if (problem !== null) return fault('badMatch', problem)
    return { methods: widen(methods), path, host: null, headers: {}, query: {} }
  },
  written: { type: 'string', pattern: '^([A-Z|-]+ +)?/' },
}

/** Every key of a config file: the table that parsing, JSON Schema and the reference follow. */
import type { FallbackCause } from '../errors.ts'
import { normalisers } from '../routing/normalise/profiles.ts'
import { stages } from '../stage.ts'
import type { Match } from './config.ts'
import { type Fault, fault } from './diagnostics.ts'
import { egress } from './egress-kind.ts'
import * as kinds from './kinds.ts'
import { listen } from './listen-keys.ts'
import { redirect, rewriting } from './rewriting-keys.ts'
import { writtenRule } from './rule-kind.ts'
import { either, type Field, leaf, leafOf, list, map, named, read } from './schema.ts'
import * as texts from './text-kinds.ts'
import type { Balance, HashSource } from './upstream-config.ts'
import type { WrittenConfig, WrittenInclude } from './written.ts'

const duration = leafOf(kinds.duration, 'Ms')
const pause = leafOf(kinds.pause, 'Ms')
const size = leafOf(kinds.size, 'Bytes')
const share = leafOf(kinds.share, 'Bp')
const text = leaf(kinds.text)
const flag = leaf(kinds.flag)
const count = leaf(kinds.whole(1, 1_000_000))
const countOrNone = leaf(kinds.whole(0, 1_000_000))
const oneOf = <const T extends string>(...names: readonly T[]): Field<T> => leaf(kinds.oneOf(names))

const normaliser = oneOf(...normalisers)

const wanted = named(leaf(texts.reference))
const lowerKeys = (given: Readonly<Record<string, string | null>>): Match['headers'] =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]))

const match = either(
  leaf(texts.matchText),
  read(
    map({
      methods: list(leaf(texts.method)),
      path: leaf(texts.pathPattern),
      host: leaf(texts.hostPattern),
      headers: wanted,
      query: wanted,
    }),
    ({ methods = [], path, host = null, headers = {}, query = {} }): Match | Fault =>
      path === undefined
        ? fault('missingKey', 'a match needs a path', 'such as path: /orders/:id')
        : { methods: texts.widen(methods), path, host, headers: lowerKeys(headers), query },
  ),
)

const breaker = map({
  window: duration,
  minimumCalls: count,
  failureRate: share,
  slowRate: share,
  slowCall: duration,
  resetAfter: duration,
  halfOpenCalls: count,
})
const rules = list(either(text, leaf(writtenRule)))
const causes: readonly FallbackCause[] = [
  'notSent',
  'breakerOpen',
  'bulkheadFull',
  'timeout',
  'reset',
  '5xx',
]
const gateNames = list(text)

/** Keys that `defaults` may hold as well. */
const routePolicies = {
  stage: oneOf(...stages),
  weight: share,
  sample: share,
  effects: oneOf('read', 'idempotentWrite', 'write'),
  cohort: text,
  caller: list(leaf(texts.callerKey)),
  legacy: leaf(texts.reference),
  modern: leaf(texts.reference),
  run: oneOf('inline', 'lane'),
  fallbackOn: list(oneOf(...causes)),
  breaker,
  tags: list(text),
  writes: oneOf('off', 'capture', 'cage'),
  compare: either(
    read(text, (name) => [name]),
    rules,
  ),
  rollout: either(
    read(text, (use) => ({ use })),
    map({ use: text, ceiling: leaf(texts.ceiling) }),
  ),
  repeatable: flag,
  sessionCookies: list(text),
  onAmbiguousPath: oneOf('report', 'strictest', 'reject'),
  ...rewriting,
}
const defaults = map(routePolicies)
const routes = named(
  map({ match, ...routePolicies, redirect, examples: list(leaf(texts.example)) }),
)

const hashOf = ({ hash }: { readonly hash?: readonly HashSource[] }): Balance | Fault =>
  hash === undefined || hash.length === 0
    ? fault('missingKey', 'a hash needs something to go by', 'such as hash: cookie:uid')
    : { hash }

const upstreams = named(
  map({
    url: leaf(texts.origin),
    urls: list(leaf(texts.origin)),
    adapter: text,
    normaliser: either(
      read(normaliser, (name) => [name]),
      list(normaliser),
    ),
    host: leaf(texts.hostHeader),
    wire: oneOf('own', 'undici'),
    balance: either(
      leaf(texts.balanceName),
      read(map({ hash: either(leaf(texts.hashSources), list(leaf(texts.hashSource))) }), hashOf),
    ),
    pool: map({
      connections: count,
      maxPending: countOrNone,
      queueTimeout: duration,
      keepAlive: duration,
    }),
    timeouts: map({
      connect: duration,
      firstByte: duration,
      idle: duration,
      total: duration,
      tunnelIdle: duration,
    }),
    breaker,
    health: map({
      path: leaf(texts.pathText),
      interval: duration,
      timeout: duration,
      unhealthyAfter: count,
      healthyAfter: count,
    }),
    slowStart: pause,
    retries: map({ max: countOrNone, budget: share }),
    dns: map({ refresh: duration }),
    tls: map({ ca: text, cert: text, key: text, serverName: leaf(texts.tlsName), verify: flag }),
  }),
)
const gates = named(
  map({
    signal: oneOf(
      'shadow.mismatch',
      'shadow.regression',
      'shadow.slow',
      'canary.errors',
      'canary.slow',
    ),
    limit: share,
    tolerance: leaf(kinds.factor),
    confidence: share,
    minSamples: countOrNone,
    minEvents: countOrNone,
    minKeys: countOrNone,
    minHours: countOrNone,
    maxUnjudged: share,
  }),
)
const step = map({
  stage: oneOf(...stages),
  weight: share,
  sample: share,
  hold: pause,
  gates: gateNames,
  approvals: leaf(kinds.whole(0, 5)),
})
const rollouts = named(
  map({
    onFail: oneOf('rollback', 'freeze'),
    cooldown: pause,
    maxRollbacks: countOrNone,
    steps: list(step),
  }),
)
const address = { host: text, port: leaf(kinds.port) }
const force = map({
  header: leaf(texts.headerName),
  cookie: leaf(texts.cookieName),
  keyEnv: leaf(texts.variableName),
  maxAge: duration,
  allowUnsignedFrom: list(leaf(texts.cidr)),
})

/** The main file. */
export const mainFile: Field<WrittenConfig> = map({
  listen,
  admin: map(address),
  probes: map(address),
  store: either(oneOf('none'), map({ url: leaf(texts.storeUrl), limit: size, keep: duration })),
  handlers: map({
    module: text,
    timeout: duration,
    concurrency: count,
    lanes: leaf(kinds.whole(1, 64)),
    isolation: oneOf('thread', 'process'),
    queue: countOrNone,
    queueTimeout: duration,
    memory: size,
    database: map({ url: text }),
  }),
  shadow: map({
    lanes: leaf(kinds.whole(0, 64)),
    isolation: oneOf('thread', 'process'),
    queue: countOrNone,
    memory: size,
    bodyLimit: size,
    delayLimit: duration,
    rssLimit: size,
    snapshotWait: pause,
    copyLimit: size,
    database: map({ url: leaf(texts.storeUrl), twin: flag, binlog: leaf(texts.binlog) }),
    egress: list(leaf(egress)),
    store: oneOf('none', 'paths', 'redacted', 'full'),
    redact: list(text),
  }),
  log: map({
    level: oneOf('debug', 'info', 'warn', 'error'),
    access: share,
    query: oneOf('redact', 'keep'),
  }),
  stateDir: text,
  upstreams,
  force,
  rulesets: named(rules),
  gates,
  rollouts,
  include: list(text),
  defaults,
  routes,
})

/** A file that the main file includes. */
export const includedFile: Field<WrittenInclude> = map({
  prefix: leaf(texts.pathPattern),
  defaults,
  routes,
})

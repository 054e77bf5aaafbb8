import assert from 'node:assert/strict'
import { withoutEffect } from './checks/without-effect.ts'
import { parseConfig } from './parse.ts'

/** Keys of parts that are not built in yet included. */
const whole = `
listen:   { host: 0.0.0.0, port: 8080, trustedProxies: [10.0.0.0/8], tls: { cert: a.pem, key: b.pem } }
admin:    { host: 127.0.0.1, port: 9901 }
probes:   { host: 0.0.0.0, port: 9902 }
store:    { url: "sqlite:./var/banyan.db" }
handlers: { module: ../dist/routes/app.js, timeout: 10s, concurrency: 256 }
shadow:   { lanes: 2, queue: 200, memory: 64MiB, bodyLimit: 256KiB }
upstreams:
  php:
    url: http://127.0.0.1:8081
    adapter: php
    host: preserve
    balance: leastInFlight
    pool: { connections: 64, maxPending: 256, queueTimeout: 2s, keepAlive: 4s }
    timeouts: { connect: 1s, firstByte: 20s, idle: 30s, total: 60s }
    health: { path: /status, interval: 5s, unhealthyAfter: 3, healthyAfter: 2 }
  socket: { urls: ["unix:/run/app.sock", "https://127.0.0.1:9443"] }
force:    { header: x-banyan-target, cookie: banyan_target, keyEnv: BANYAN_FORCE_KEY, maxAge: 8h, allowUnsignedFrom: [127.0.0.1/32] }
rulesets: { json: [php, mysql, { ignore: /generatedAt, why: "clock" }] }
gates:    { parity: { signal: shadow.mismatch, limit: 0.1%, confidence: 99%, minSamples: 5000 } }
rollouts: { careful: { onFail: rollback, cooldown: 6h, steps: [ { stage: shadow, hold: 24h, gates: [parity] }, { stage: canary, weight: 1%, hold: 4h, gates: [errors, latency] } ] } }
defaults: { legacy: php, modern: handlers, compare: json,
            caller: ["claim:sub", "header:x-user-id", "cookie:uid"],
            breaker: { window: 10s, minimumCalls: 20, failureRate: 50%, slowRate: 80%, slowCall: 3s, resetAfter: 65s, halfOpenCalls: 5 } }
routes:
  articles.list:   { match: GET /api/articles,       effects: read, stage: canary, weight: 10%, sample: 5%, run: lane, repeatable: true, examples: ["GET /api/articles?limit=5"] }
  articles.get:    { match: "GET /api/articles/:slug", effects: read, rollout: standard }
  articles.create: { match: POST /api/articles,      effects: write, writes: capture, rollout: { use: careful, ceiling: canary-10 } }
  tags.list:       { match: GET /api/tags,           effects: read, stage: shadow }
  rest:            { match: /* }
`

describe('a config that uses every part', () => {
  const { config, diagnostics } = parseConfig([{ file: 'banyan.yaml', text: whole }])

  it('is told of each key that has no effect yet, once, and of nothing else', () => {
    assert.deepEqual(
      new Set(diagnostics.map(({ code, severity }) => `${code} ${severity}`)),
      new Set(['BC1701 warning']),
    )
    const said = diagnostics.map(({ message }) => message.replace(/ \(said in .*\)$/, ''))
    assert.deepEqual(said.toSorted(), withoutEffect.map(({ says }) => says).toSorted())
  })

  it('is told where a key stands first, and in how many places', () => {
    const { line, column, message } = diagnostics.find(({ text }) =>
      text.includes('articles.get'),
    ) ?? { message: '' }
    assert.deepEqual([line, column], [27, 71])
    assert.match(message, /^rollout .* \(said in 2 places\)$/)
  })

  it('is told nothing of keys whose value is the one that holds anyway', () => {
    const { diagnostics: none } = parseConfig([
      {
        file: 'banyan.yaml',
        text: `upstreams: { php: { url: "http://127.0.0.1:1", balance: roundRobin } }
defaults: { legacy: php, run: inline, writes: off, repeatable: false, stage: legacy }
routes: { rest: { match: /* } }`,
      },
    ])
    assert.deepEqual(none, [])
  })

  it('keeps what gates, rollouts and rulesets say', () => {
    assert.deepEqual(config?.rulesets?.json, [
      'php',
      'mysql',
      { ignore: '/generatedAt', why: 'clock' },
    ])
    assert.equal(config?.gates?.parity?.limitBp, 10)
    assert.equal(config?.rollouts?.careful?.steps[1]?.weightBp, 100)
    assert.match(config?.store?.url ?? '', /^sqlite:\/.*\/var\/banyan\.db$/)
    assert.equal(config?.upstreams.php?.health?.intervalMs, 5_000)
    assert.equal(config?.shadow?.memoryBytes, 67_108_864)
  })

  it('keeps what a route says of writes, comparison and rollout', () => {
    const route = config?.routes.find(({ id }) => id === 'articles.create')
    assert.equal(route?.writes, 'capture')
    assert.deepEqual(route?.compare, ['json'])
    assert.deepEqual(route?.rollout, {
      use: 'careful',
      ceiling: { stage: 'canary', weightBp: 1_000 },
    })
  })
})

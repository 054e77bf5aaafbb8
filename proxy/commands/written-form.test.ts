import assert from 'node:assert/strict'
import type { Config } from '../config/config.ts'
import { parseConfig } from '../config/parse.ts'
import { toYaml } from '../config/yaml.ts'
import { plainFile } from './command-lab.ts'
import { writtenForm } from './written-form.ts'

const richFile = `
listen: { host: 0.0.0.0, trustedProxies: [10.0.0.0/8], tls: { cert: c.pem, key: k.pem }, drain: { delay: 0ms, grace: 90s } }
probes: { port: 9903 }
store: { url: "mysql://u@h/banyan" }
handlers: { module: app.js, timeout: 1500ms, database: { url: "sqlite:x" } }
upstreams:
  php: { urls: [http://127.0.0.1:1, http://127.0.0.1:2], host: shop.example:8080, balance: p2c, health: { path: /status, interval: 7s } }
force: { maxAge: 2h, allowUnsignedFrom: [127.0.0.1] }
rulesets: { own: [php, { ignore: /at, why: clock }] }
gates: { mine: { signal: shadow.mismatch, limit: 0.05%, confidence: 99.5% } }
rollouts: { slow: { cooldown: 1h, steps: [{ stage: shadow, hold: 1d, gates: [mine] }, { stage: canary, weight: 2.5%, sample: 1%, hold: 4h }] } }
defaults: { legacy: php, modern: handlers, caller: [cookie:uid, "claim:sub"] }
routes:
  a.list: { match: { methods: [GET, POST], path: "/a/:id/*", host: "*.shop.example", headers: { X-A: null, X-B: b }, query: { page: "2" } }, effects: write, writes: capture, stage: shadow, sample: 0.01%, tags: [x], compare: own }
  a.get: { match: GET /a, effects: read, rollout: { use: slow, ceiling: canary-2.5 }, cohort: both, examples: [GET /a?x=1] }
  a.all: { match: GET /all, effects: read, rollout: slow, fallbackOn: [notSent], breaker: { window: 5s }, run: lane }
  rest: { match: /*, stage: canary, weight: 12.5%, effects: idempotentWrite }
`

const configOf = (text: string): Config => {
  const { config, diagnostics } = parseConfig([{ file: 'b.yaml', text }], { directory: '/srv' })
  assert.notEqual(config, null, JSON.stringify(diagnostics))
  return config as Config
}

describe('writtenForm', () => {
  for (const [title, text] of Object.entries({ plainFile, richFile })) {
    it(`writes ${title} so that it reads back as the same config`, () => {
      const config = configOf(text)
      const again = configOf(toYaml(writtenForm(config)))
      assert.deepEqual(again, config)
    })
  }
})

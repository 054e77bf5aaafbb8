import assert from 'node:assert/strict'
import type { Config } from './config.ts'
import { parseConfig } from './parse.ts'
import { processChanges, withProcessOf } from './process-changes.ts'

const configOf = (text: string): Config => {
  const rest =
    'upstreams: { php: { url: http://a } }\nroutes: { rest: { match: /*, legacy: php } }\n'
  const { config } = parseConfig([{ file: 'banyan.yaml', text: `${rest}${text}` }])
  assert(config !== null)
  return config
}

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [text: string, ...paths: string[]])[] = [
  [''],
  ['force: { cookie: x }'],
  ['listen: { port: 1 }',                        'listen.port'],
  ['listen: { trustedProxies: [10.0.0.0/8] }',   'listen.trustedProxies'],
  ['probes: { port: 1 }',                        'probes'],
  ['handlers: { timeout: 1s, module: a.js }',    'handlers.module', 'handlers.timeout'],
  ['handlers: { database: { url: mysql://a } }', 'handlers.database.url'],
  ['shadow: { memory: 1MiB }',                   'shadow.memory'],
  ['log: { access: 1% }\nstateDir: x',           'store.url', 'log.access', 'stateDir'],
  ['store: { url: "sqlite:x" }',                 'store.url'],
]

describe('processChanges', () => {
  for (const [text, ...paths] of cases)
    it(`names ${paths.join(', ') || 'nothing'} for "${text}"`, () => {
      assert.deepEqual(processChanges(configOf(''), configOf(text)), paths)
    })
})

describe('withProcessOf', () => {
  it('takes the hot part of one config and the process part of the other', () => {
    const wanted = configOf('listen: { port: 1 }\nforce: { cookie: x }')
    const merged = withProcessOf(configOf(''), wanted)
    assert.deepEqual([merged.listen.port, merged.force.cookie], [8080, 'x'])
    assert.equal(merged.revision, wanted.revision)
  })
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'
import { plans } from '../stage.ts'
import type { Config, Route } from './config.ts'
import { type ParseOptions, parseConfig } from './parse.ts'
import type { Source } from './yaml.ts'

const php = 'upstreams: { php: { url: http://127.0.0.1:1 }, ts: { url: http://127.0.0.1:2 } }\n'
const main = (text: string): Source => ({ file: 'banyan.yaml', text: `${php}${text}` })

const parse = (
  sources: readonly [Source, ...Source[]],
  options: Partial<ParseOptions> = {},
): Config => {
  const { config, diagnostics } = parseConfig(sources, { directory: '/etc/banyan', ...options })
  const told = diagnostics.filter(({ code }) => code !== 'BC1701')
  assert.deepEqual(told, [])
  assert(config !== null)
  return config
}

const routeOf = (config: Config, id: string): Route => {
  const route = config.routes.find((one) => one.id === id)
  assert(route !== undefined, `there is no route ${id}`)
  return route
}

const shipped = (name: string): Source => ({
  file: `config/${name}`,
  text: readFileSync(join(packageRoot(), 'config', name), 'utf8'),
})

describe('parseConfig', () => {
  it('fills in everything but upstreams and routes', () => {
    const config = parse([shipped('minimal.yaml')])
    assert.equal(config.listen.port, 8080)
    assert.equal(config.admin.host, '127.0.0.1')
    assert.equal(config.probes, null)
    assert.equal(config.upstreams.php?.timeouts.totalMs, 60_000)
    const { match, stage, fallbackOn, cohort, sampleBp } = routeOf(config, 'rest')
    assert.deepEqual(match, { methods: [], path: '/*', host: null, headers: {}, query: {} })
    assert.deepEqual({ stage, cohort, sampleBp }, { stage: 'legacy', cohort: 'rest', sampleBp: 0 })
    assert.deepEqual(fallbackOn, ['notSent', 'breakerOpen', 'bulkheadFull'])
  })

  it('accepts the config of the worked example, whose clients are all answered by legacy', () => {
    const config = parse([shipped('banyan.yaml')], { adapters: ['php', 'ruby'] })
    assert.deepEqual(parseConfig([shipped('banyan.yaml')]).diagnostics, [])
    assert.ok(config.routes.length > 20)
    const primaries = config.routes.map(({ stage }) => plans[stage].primary)
    assert.deepEqual(new Set(primaries), new Set(['legacy']))
    assert.equal(config.handlers.module, '/etc/dist/routes/app.js')
    assert.equal(config.handlers.databaseUrl, 'sqlite:var/conduit.db')
  })

  it('takes ports and addresses of the worked example from the environment', () => {
    const env = { BANYAN_PORT: '18080', BANYAN_PHP_URL: 'http://php:80' }
    const config = parse([shipped('banyan.yaml')], { env })
    assert.equal(config.listen.port, 18_080)
    assert.deepEqual(config.upstreams.php?.urls, ['http://php:80'])
  })

  it('merges maps of defaults and replaces their lists', () => {
    const config = parse([
      main(`defaults: { legacy: php, breaker: { window: 5s, minimumCalls: 7 }, tags: [a, b] }
routes: { a: { match: /a, breaker: { minimumCalls: 9 }, tags: [c] } }`),
    ])
    const { breaker, tags } = routeOf(config, 'a')
    assert.deepEqual([breaker.windowMs, breaker.minimumCalls, breaker.halfOpenCalls], [5_000, 9, 5])
    assert.deepEqual(tags, ['c'])
  })

  it('widens GET by HEAD, and reads the long form of a match', () => {
    const config = parse([
      main(`defaults: { legacy: php }
routes:
  a: { match: GET|POST /a }
  b: { match: { methods: [GET], path: /b, host: "*.Shop.example", headers: { X-Beta: null }, query: { v: "2" } } }`),
    ])
    assert.deepEqual(routeOf(config, 'a').match.methods, ['GET', 'HEAD', 'POST'])
    assert.deepEqual(routeOf(config, 'b').match, {
      methods: ['GET', 'HEAD'],
      path: '/b',
      host: '*.shop.example',
      headers: { 'x-beta': null },
      query: { v: '2' },
    })
  })

  it('lets what is said nearer choose between stage and rollout', () => {
    const config = parse([
      main(`defaults: { legacy: php, modern: ts, effects: read, rollout: standard }
routes:
  a: { match: GET /a }
  b: { match: GET /b, stage: modern }
  c: { match: GET /c, rollout: { ceiling: canary-10 } }`),
    ])
    assert.deepEqual(routeOf(config, 'a').rollout, { use: 'standard', ceiling: null })
    assert.deepEqual([routeOf(config, 'b').stage, routeOf(config, 'b').rollout], ['modern', null])
    const ceiling = { stage: 'canary', weightBp: 1_000 }
    assert.deepEqual(routeOf(config, 'c').rollout, { use: 'standard', ceiling })
  })

  it('falls back on every cause for reads only', () => {
    const config = parse([main('routes: { a: { match: GET /a, legacy: php, effects: read } }')])
    assert.deepEqual(routeOf(config, 'a').fallbackOn.length, 6)
  })

  it('gives the routes of an included file its prefix and its defaults', () => {
    const shop = `prefix: /shop\ndefaults: { tags: [shop] }\nroutes: { cart: { match: GET /cart } }`
    const config = parse([
      main(
        'include: [shop.yaml]\ndefaults: { legacy: php, tags: [all] }\nroutes: { a: { match: /a } }',
      ),
      { file: 'shop.yaml', text: shop },
    ])
    const { match, legacy, tags } = routeOf(config, 'cart')
    assert.deepEqual([match.path, legacy, tags], ['/shop/cart', 'php', ['shop']])
    assert.deepEqual(routeOf(config, 'a').tags, ['all'])
  })

  it('names both places of a route that two files define', () => {
    const { diagnostics } = parseConfig([
      main('include: [b.yaml]\nroutes: { a: { match: /a, legacy: php } }'),
      { file: 'b.yaml', text: '# b\nroutes:\n  a: { match: /b, legacy: php }' },
    ])
    assert.equal(diagnostics.length, 1)
    assert.match(diagnostics[0]?.message ?? '', /banyan\.yaml:3/)
    assert.deepEqual([diagnostics[0]?.file, diagnostics[0]?.line], ['b.yaml', 3])
  })

  it('names one revision for one meaning, whatever comments and order say', () => {
    const a = parse([
      main('routes:\n  a: { match: /a, legacy: php } # first\n  b: { match: /b, legacy: php }'),
    ])
    const b = parse([
      main(
        'routes:\n  a: { legacy: php, match: /a }\n  b: { legacy: php, match: /b }\nlog: { level: warn }',
      ),
    ])
    const c = parse([
      main('routes:\n  a: { match: /a, legacy: ts }\n  b: { match: /b, legacy: php }'),
    ])
    assert.match(a.revision, /^[\da-f]{12}$/)
    assert.equal(a.revision, b.revision)
    assert.notEqual(a.revision, c.revision)
  })

  it('freezes the config to its leaves', () => {
    const config = parse([shipped('minimal.yaml')])
    assert.throws(() => Object.assign(routeOf(config, 'rest').match, { path: '/x' }), TypeError)
  })

  it('leaves a config standing of which it only warns', () => {
    const text = 'defaults: { effects: read, legacy: php }\nroutes: { rest: { match: /* } }'
    const { config, diagnostics } = parseConfig([main(text)])
    assert.deepEqual(
      diagnostics.map(({ severity }) => severity),
      ['warning'],
    )
    assert.equal(config?.routes[0]?.effects, null)
  })
})

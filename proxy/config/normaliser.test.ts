import assert from 'node:assert/strict'
import { parseConfig } from './parse.ts'

const parse = (upstream: string, route = '') =>
  parseConfig([
    {
      file: 'banyan.yaml',
      text: `upstreams: { php: { url: http://127.0.0.1:1, ${upstream} } }
defaults: { onAmbiguousPath: strictest }
routes: { rest: { match: /*, legacy: php, ${route} } }`,
    },
  ])

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['none without an adapter',        '',                                          []],
  ['that of PHP with its adapter',   'adapter: php',                              ['php']],
  ['that of Rails with Ruby\'s',     'adapter: ruby',                             ['rails']],
  ['none of an unknown adapter',     'adapter: constructor',                      []],
  ['one that is named',              'normaliser: tomcat',                        ['tomcat']],
  ['several, in their order',        'adapter: php, normaliser: [nginx, php]',    ['nginx', 'php']],
  ['none where the list is empty',   'adapter: php, normaliser: []',              []],
]

describe('upstreams.NAME.normaliser', () => {
  for (const [title, upstream, expected] of cases) {
    it(`is ${title}`, () =>
      assert.deepEqual(parse(upstream).config?.upstreams.php?.normaliser, expected))
  }

  it('names what is near to a mistake', () => {
    const [wrong] = parse('normaliser: ngnix').diagnostics
    assert.match(`${wrong?.message} ${wrong?.hint}`, /"ngnix" is not allowed here.*nginx/)
  })
})

describe('routes.ID.onAmbiguousPath', () => {
  it('is inherited from the defaults, and said anew by a route', () => {
    assert.equal(parse('').config?.routes[0]?.onAmbiguousPath, 'strictest')
    const { config } = parse('', 'onAmbiguousPath: reject')
    assert.equal(config?.routes[0]?.onAmbiguousPath, 'reject')
  })
})

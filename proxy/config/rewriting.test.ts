import assert from 'node:assert/strict'
import { writtenForm } from '../commands/written-form.ts'
import { parseConfig } from './parse.ts'

const parse = (route: object, defaults: object = {}) =>
  parseConfig([
    {
      file: 'banyan.yaml',
      text: JSON.stringify({
        upstreams: { php: { url: 'http://a:1' } },
        defaults: { legacy: 'php', ...defaults },
        routes: { shop: { match: '/shop/*', ...route } },
      }),
    },
  ])

const everything = {
  rewrite: {
    prefix: { from: '/shop/', to: '/' },
    location: 'auto',
    cookies: { domain: { '.Old.example': '' }, path: { '/': '/shop/' } },
  },
  headers: { request: { set: { 'X-Shop': 'a b' } }, answer: { remove: ['X-Powered-By'] } },
}

describe('routes.ID.rewrite and headers', () => {
  it('are one value of the route', () => {
    const { config, diagnostics } = parse(everything)
    assert.deepEqual(diagnostics, [])
    assert.deepEqual(config?.routes[0]?.rewriting, {
      prefix: { from: '/shop/', to: '/' },
      location: 'auto',
      cookies: { domain: { 'old.example': '' }, path: { '/': '/shop/' } },
      request: { set: { 'X-Shop': 'a b' }, add: {}, remove: [] },
      answer: { set: {}, add: {}, remove: ['x-powered-by'] },
    })
  })

  it('merge with the defaults', () => {
    const { config } = parse({ headers: { answer: { set: { A: '1' } } } }, everything)
    const { answer, location } = config?.routes[0]?.rewriting ?? {}
    assert.deepEqual(
      [answer?.set, answer?.remove, location],
      [{ A: '1' }, ['x-powered-by'], 'auto'],
    )
  })

  it('are rendered as they were written', () => {
    const { config } = parse(everything)
    assert.ok(config)
    const text = JSON.stringify(writtenForm(config))
    assert.equal(parseConfig([{ file: 'a.yaml', text }]).config?.revision, config.revision)
  })

  // biome-ignore format: a table reads best as a table
  const mistakes: readonly (readonly [object, string])[] = [
    [{ rewrite: { prefix: { from: '/shop' } } },                       'BC1110 it needs from and to'],
    [{ rewrite: { location: [{ from: 'http://a' }] } },                'BC1110 it needs from and to'],
    [{ rewrite: { prefix: { from: '/sho', to: '/' } } },               'BC1111 no request of this route begins with "/sho"'],
    [{ rewrite: { prefix: { from: 'shop', to: '/' } } },               'BC1108 expected a path that starts with "/"'],
    [{ headers: { request: { set: { Host: 'a' } } } },                 'BC1103 Host is not set here'],
    [{ headers: { request: { add: { 'x-forwarded-for': 'a' } } } },    'BC1103 x-forwarded-for tells of the client: Banyan writes it, or takes it out'],
    [{ headers: { request: { set: { X_Real_IP: 'a' } } } },            'BC1103 X_Real_IP tells of the client: Banyan writes it, or takes it out'],
    [{ headers: { answer: { remove: ['Transfer-Encoding'] } } },       'BC1103 transfer-encoding frames the message: Banyan alone may say it'],
    [{ headers: { answer: { set: { 'a b': 'c' } } } },                 'BC1108 "a b" is no name of a header'],
    [{ headers: { answer: { set: { a: 'b\r\nc: d' } } } },             'BC1108 expected the value of a header: text without control characters or spaces at its ends'],
  ]
  for (const [route, expected] of mistakes) {
    it(`refuse ${JSON.stringify(route)}`, () => {
      const [found] = parse(route).diagnostics
      assert.equal(`${found?.code} ${found?.message}`, expected)
    })
  }
})

describe('routes.ID.redirect', () => {
  it('asks no target, whatever the defaults say', () => {
    const defaults = { stage: 'canary', weight: '10%', modern: 'php', effects: 'read' }
    const { config, diagnostics } = parse({ redirect: { to: 'https://new.example/' } }, defaults)
    assert.deepEqual(diagnostics, [])
    const { stage, legacy, modern, redirect } = config?.routes[0] ?? {}
    assert.deepEqual([stage, legacy, modern], ['legacy', null, null])
    assert.deepEqual(redirect, { to: 'https://new.example/', status: 308 })
  })

  // biome-ignore format: a table reads best as a table
  const mistakes: readonly (readonly [object, string])[] = [
    [{ redirect: {} },                                'BC1110 a redirect needs to'],
    [{ redirect: { to: '/x' }, stage: 'legacy' },     'BC1103 a redirect asks no target: stage has nothing to say'],
    [{ redirect: { to: 'new.example' } },             'BC1108 expected a URL or path with {host}, {path} and {query}, such as https://{host}{path}{query}'],
    [{ redirect: { to: '/{slug}' } },                 'BC1108 expected a URL or path with {host}, {path} and {query}, such as https://{host}{path}{query}'],
    [{ redirect: { to: '/x', status: 200 } },         'BC1103 expected one of 301, 302, 303, 307, 308'],
  ]
  for (const [route, expected] of mistakes) {
    it(`refuses ${JSON.stringify(route)}`, () => {
      const [found] = parse(route).diagnostics
      assert.equal(`${found?.code} ${found?.message}`, expected)
    })
  }
})

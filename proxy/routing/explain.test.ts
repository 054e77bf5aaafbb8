import assert from 'node:assert/strict'
import { bucketOf } from './bucket.ts'
import { explain, type Inquiry } from './explain.ts'
import { createMatcher } from './match.ts'
import { plainRoute } from './plain-route.ts'

const routes = [
  plainRoute('articles.get', {
    match: { path: '/articles/:slug', methods: ['GET', 'HEAD'] },
    stage: 'canary',
    weightBp: 5_000,
    sampleBp: 1,
  }),
  plainRoute('shop.rest', { match: { path: '/*', host: 'shop.example' }, stage: 'modern' }),
]
const about = (changes: Partial<Inquiry>, killed = false) =>
  explain(
    {
      matcher: createMatcher(routes),
      findAmbiguity: () => null,
      conditions: { killed: () => killed, blocked: () => null },
      force: ({ headers }) => (headers.includes('force') ? { target: 'legacy' } : null),
    },
    { method: 'GET', url: '/articles/a', headers: [], key: null, ...changes },
  )

const member = Array.from({ length: 100 }, (_, i) => `u${i}`).find(
  (key) => bucketOf('articles.get', key) < 5_000,
) as string

describe('explain', () => {
  it('says whose bucket belongs to the weight', () => {
    const explanation = about({ key: member })
    assert.equal(explanation.primary, 'modern')
    assert.equal(explanation.upstream, 'handlers')
    assert.equal(explanation.reason, 'weight')
    assert.deepEqual(explanation.caller, {
      key: member,
      cohort: 'articles.get',
      bucket: bucketOf('articles.get', member),
    })
    assert.match(explanation.why, /^Bucket \d+ of 10000 belongs to the weight of 50 %\.$/)
  })

  it('reads the caller key from the headers where none is assumed', () => {
    assert.equal(about({ headers: ['X-User-Id', member] }).caller?.key, member)
    assert.match(about({}).why, /no caller key/)
  })

  it('shows a shadow however small its sample', () => {
    assert.equal(about({ key: member }).shadow, 'legacy')
  })

  it('finds routes by the host of a URL or of a header', () => {
    assert.equal(about({ url: 'https://u:p@shop.example:8443/x?y' }).route, 'shop.rest')
    assert.equal(about({ url: '/x', headers: ['HOST', 'shop.example'] }).route, 'shop.rest')
  })

  it('says that no route takes a request', () => {
    const explanation = about({ url: '/a/../b?x' })
    assert.deepEqual([explanation.route, explanation.primary, explanation.path], [null, null, '/b'])
    assert.match(explanation.why, /No route/)
  })

  it('names a kill and a force', () => {
    assert.equal(about({ key: member }, true).reason, 'kill')
    assert.equal(about({ key: member, headers: ['x', 'force'] }).reason, 'forced')
  })
})

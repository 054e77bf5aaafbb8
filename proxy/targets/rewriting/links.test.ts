import assert from 'node:assert/strict'
import { autoRewrite, listRewrite, rewriteLinks } from './links.ts'

const auto = autoRewrite({
  upstream: ['127.0.0.1:8081', 'internal.example'],
  peer: { scheme: 'https', host: 'shop.example' },
  prefix: { from: '/shop/', to: '/' },
})

describe('links of an answer', () => {
  const urls = [
    ['http://127.0.0.1:8081/a?b#c', 'https://shop.example/shop/a?b#c'],
    ['http://INTERNAL.example:80/a', 'https://shop.example/shop/a'],
    ['//internal.example/a', 'https://shop.example/shop/a'],
    ['http://internal.example', 'https://shop.example'],
    ['http://shop.example/a', 'http://shop.example/shop/a'],
    ['/a', '/shop/a'],
    ['a/b', 'a/b'],
    ['?page=2', '?page=2'],
    ['https://elsewhere.example/a', 'https://elsewhere.example/a'],
    ['http://internal.example.evil/a', 'http://internal.example.evil/a'],
    ['http://internal.example@evil/a', 'http://internal.example@evil/a'],
    ['mailto:a@b.example', 'mailto:a@b.example'],
  ] as const
  for (const [url, expected] of urls) {
    it(`are the client's own: ${url}`, () => assert.equal(auto(url), expected))
  }

  const lines = [
    ['Location', '/a', '/shop/a'],
    ['CONTENT-LOCATION', '/a', '/shop/a'],
    ['Refresh', '5; url=/a', '5; url=/shop/a'],
    ['Refresh', "0;URL='/a b' ", "0;URL='/shop/a b' "],
    ['Refresh', '5', '5'],
    [
      'Link',
      '</a>; rel=next; title="</b>, x", <http://internal.example/c>; rel="last"',
      '</shop/a>; rel=next; title="</b>, x", <https://shop.example/shop/c>; rel="last"',
    ],
    ['X-Location', '/a', '/a'],
  ] as const
  for (const [name, value, expected] of lines) {
    it(`are found in ${name}: ${value}`, () => {
      assert.deepEqual(rewriteLinks([name, value], auto), [name, expected])
    })
  }

  it('are exchanged by the first text that they begin with', () => {
    const rewrite = listRewrite([
      { from: 'http://old.example/x/', to: '/y/' },
      { from: 'http://old.example/', to: '/' },
    ])
    assert.deepEqual(
      ['http://old.example/x/1', 'http://old.example/2', 'http://new.example/3'].map(rewrite),
      ['/y/1', '/2', 'http://new.example/3'],
    )
  })

  it('lead to no other host, however a path goes on after what is exchanged', () => {
    const peer = { scheme: 'https', host: 'shop.example' } as const
    const upstream = ['internal.example']
    const bare = autoRewrite({ upstream, peer, prefix: { from: '/', to: '/app' } })
    assert.equal(bare('/app//evil.example/'), '/.//evil.example/')
    assert.equal(bare('/app/\\evil.example/'), '/./\\evil.example/')
    assert.equal(
      bare('http://internal.example/app//evil.example'),
      'https://shop.example//evil.example',
    )
    const list = listRewrite([
      { from: 'http://old.example/', to: '/' },
      { from: '/cdn/', to: '//cdn.example/' },
    ])
    assert.equal(list('http://old.example//evil.example'), '/.//evil.example')
    assert.equal(list('/cdn/a'), '//cdn.example/a')
  })

  it('are left alone where their line is never closed, however long it is', () => {
    const ends = ['<'.repeat(1_000_000), `"${'\\"'.repeat(500_000)}`, '<http://internal.example/']
    for (const end of ends) {
      const given = ['Link', `<https://elsewhere.example/>; title="<", ${end}`]
      assert.ok(rewriteLinks(given, auto) === given)
    }
  })

  it('leave the very list where nothing changes', () => {
    const given = ['Location', 'https://elsewhere.example/']
    assert.equal(rewriteLinks(given, auto), given)
  })
})

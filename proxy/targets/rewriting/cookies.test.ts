import assert from 'node:assert/strict'
import { rewriteCookies } from './cookies.ts'

const changes = {
  domain: { 'internal.example': 'shop.example', 'old.example': '' },
  path: { '/app/': '/shop/', '/': '/shop/' },
}

const one = (value: string): string | undefined => rewriteCookies(['Set-Cookie', value], changes)[1]

describe('cookies of an answer', () => {
  const cases = [
    ['a=1; Domain=internal.example; Path=/', 'a=1; Domain=shop.example; Path=/shop/'],
    ['a=1; domain=.INTERNAL.example', 'a=1; domain=shop.example'],
    ['a=1; Domain=old.example; Secure', 'a=1; Secure'],
    ['a=1;Path=/app/x;HttpOnly', 'a=1;Path=/shop/x;HttpOnly'],
    ['a=1; Path = /app/x ; SameSite=Lax', 'a=1; Path = /shop/x ; SameSite=Lax'],
    ['path=/; Domain=other.example', 'path=/; Domain=other.example'],
    ['a="; Path=/"', 'a="; Path=/shop/"'],
    ['a=\xe9; Path=/', 'a=\xe9; Path=/shop/'],
    ['', ''],
  ] as const
  for (const [value, expected] of cases) {
    it(`hold where the client is: ${value}`, () => assert.equal(one(value), expected))
  }

  it('may all get another domain', () => {
    const found = rewriteCookies(['set-cookie', 'a=1; Domain=x.example'], {
      domain: { '*': 'shop.example' },
      path: {},
    })
    assert.deepEqual(found, ['set-cookie', 'a=1; Domain=shop.example'])
  })

  it('are read once, however long an attribute is', () => {
    const value = `/app/${' '.repeat(1_000_000)}x`
    assert.equal(one(`a=1; Path=${value} `), `a=1; Path=/shop/${value.slice(5)} `)
  })

  it('leave the very list where nothing changes', () => {
    const given = ['Set-Cookie', 'a=1', 'Cookie', 'a=1; Path=/']
    assert.equal(rewriteCookies(given, changes), given)
  })
})

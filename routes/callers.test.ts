import assert from 'node:assert/strict'
import { authorize, describeEachApp } from '../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../contract-tests/lab/native.ts'

const nowSeconds = Math.floor(Date.now() / 1000)

const good = await authorize({ id: 1 })
const bearer = { authorization: (good.authorization ?? '').replace('Token', 'bearer   ') }
const cases = [
  ['knows the caller of a good token', good, true],
  ['takes Bearer for Token', bearer, true],
  [
    'ignores a claim that the legacy ignores',
    await authorize({ id: 1, nbf: nowSeconds + 999 }),
    true,
  ],
  [
    'knows a caller until the token expires',
    await authorize({ id: 1, exp: nowSeconds + 999 }),
    true,
  ],
  ['knows nobody by an expired token', await authorize({ id: 1, exp: nowSeconds - 1 }), false],
  [
    'knows nobody by a token of another secret',
    await authorize({ id: 1 }, 'another secret'),
    false,
  ],
  ['knows nobody by a token without id', await authorize({ username: 'jake' }), false],
  ['knows nobody by an id that is a text', await authorize({ id: '1' }), false],
  ['knows nobody by the id of nobody', await authorize({ id: 4711 }), false],
  ['knows nobody by nonsense', { authorization: 'Token not.a.token' }, false],
  [
    'knows nobody by an unsigned token',
    { authorization: 'Token eyJhbGciOiJub25lIn0.eyJpZCI6MX0.' },
    false,
  ],
  ['knows nobody by another scheme', { authorization: 'Basic amFrZTpqYWtl' }, false],
] as const

describeEachApp('createCallers', await probeMariadb(), (app) => {
  const isSignedIn = async (headers: Record<string, string>): Promise<boolean> => {
    const { body } = await app.get('/api/articles/hello-world', headers).expect(200)
    return body.article.favorited
  }
  for (const [title, headers, signedIn] of cases) {
    it(title, async () => assert.equal(await isSignedIn(headers), signedIn))
  }
})

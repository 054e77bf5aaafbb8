import assert from 'node:assert/strict'
import type { ForceConfig } from '../config/config.ts'
import type { Peer } from '../targets/send.ts'
import { createForce, mintForceToken, withoutForce } from './force.ts'

const config: ForceConfig = {
  header: 'x-banyan-target',
  cookie: 'banyan_target',
  keyEnv: 'BANYAN_FORCE_KEY',
  maxAgeMs: 8 * 3_600_000,
  allowUnsignedFrom: ['127.0.0.1/32', '::1/128'],
}
const nowMs = 1_700_000_000_000
const inSeconds = (seconds: number): number => nowMs / 1_000 + seconds
const token = mintForceToken('modern', inSeconds(60), 'key')
const force = createForce(config, { key: 'key', now: () => nowMs })
const ask = (headers: readonly string[], address = '203.0.113.9', ask = force) => {
  const peer: Peer = { address, scheme: 'http', host: 'a', trusted: false }
  return ask({ headers, peer })
}
const header = (value: string): string[] => ['X-Banyan-Target', value]

const flipped = `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`
// biome-ignore format: a table reads best as a table
const refused: Readonly<Record<string, string>> = {
  'a bare target from elsewhere':       'modern',
  'a broken signature':                 flipped,
  'another target under the signature': token.replace('modern', 'legacy'),
  'another expiry under the signature': token.replace(String(inSeconds(60)), String(inSeconds(61))),
  'a signature of another key':         mintForceToken('modern', inSeconds(60), 'other'),
  'an expired token':                   mintForceToken('modern', inSeconds(0), 'key'),
  'a token for longer than allowed':    mintForceToken('modern', inSeconds(8 * 3_600 + 1), 'key'),
  'a short signature':                  token.slice(0, -1),
  'a token without a signature':        token.slice(0, token.lastIndexOf('.')),
  'no target':                          token.replace('modern', 'shadow'),
  'an empty value':                     '',
  'a value of many bytes':              'modern.1.'.repeat(1_000),
}

describe('createForce', () => {
  it('reads nothing where nothing asks', () => assert.equal(ask(['cookie', 'a=1']), null))

  it('believes a signed header and a signed cookie', () => {
    const legacy = mintForceToken('legacy', inSeconds(8 * 3_600), 'key')
    assert.deepEqual(ask(header(token)), { target: 'modern' })
    assert.deepEqual(ask(['Cookie', `a=1; banyan_target=${legacy}`]), { target: 'legacy' })
  })

  for (const [title, value] of Object.entries(refused)) {
    it(`finds ${title} invalid`, () => assert.equal(ask(header(value)), 'invalid'))
  }

  it('does not ask the cookie where the header is invalid', () => {
    assert.equal(ask([...header('x'), 'cookie', `banyan_target=${token}`]), 'invalid')
  })

  it('believes a bare target from the networks that may write one', () => {
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      assert.deepEqual(ask(header('legacy'), address), { target: 'legacy' })
    }
    assert.equal(ask(header('legacy'), 'no address'), 'invalid')
  })

  it('finds every token invalid without a key, and bare targets as before', () => {
    for (const key of [null, '']) {
      const off = createForce(config, { key, now: () => nowMs })
      assert.equal(
        ask(header(mintForceToken('modern', inSeconds(60), key ?? '')), '::1', off),
        'invalid',
      )
      assert.deepEqual(ask(header('modern'), '::1', off), { target: 'modern' })
    }
  })
})

describe('withoutForce', () => {
  it('takes header and cookie away and keeps every other byte', () => {
    assert.deepEqual(
      withoutForce(
        ['A', '1', 'x-Banyan-Target', token, 'Cookie', `b=2; banyan_target=${token};c`, 'a', ''],
        config,
      ),
      ['A', '1', 'Cookie', 'b=2;c', 'a', ''],
    )
  })

  it('gives back the same lines where there is neither', () => {
    const headers = ['a', 'x-banyan-target', 'cookie', 'b=banyan_target']
    assert.equal(withoutForce(headers, config), headers)
  })
})

import assert from 'node:assert/strict'
import { parseTraceparent } from '../telemetry/trace-context.ts'
import { inbound } from './conformance/exchange.ts'
import { type Forwarding, outgoingLines, viaToken } from './forwarded.ts'
import type { Peer } from './send.ts'

const peer: Peer = { address: '203.0.113.9', scheme: 'https', host: 'app.example', trusted: false }
const proxy: Peer = { ...peer, trusted: true, proxyAddress: '10.0.0.1' }

const forwarding: Forwarding = { host: null, pseudonym: viaToken('a1') }

/** What an upstream hears of one name; every line of it. */
const heard = (
  name: string,
  headers: readonly string[],
  about: Peer = peer,
  how: Forwarding = forwarding,
): string[] => {
  const lines = outgoingLines(inbound({ headers, peer: about, id: 'r1' }), how)
  return lines.filter((_, at) => at % 2 === 1 && lines[at - 1]?.toLowerCase() === name)
}

const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('outgoingLines', () => {
  const spoofed = [
    'X-Forwarded-For',
    '1.1.1.1',
    'X-Forwarded-Proto',
    'http',
    'X-Forwarded-Host',
    'evil',
  ]
  // biome-ignore format: a table reads best as a table
  const cases: readonly (readonly [string, string, readonly string[], Peer, readonly string[]])[] = [
    ['names the client',                                    'x-forwarded-for',   [],                            peer,  ['203.0.113.9']],
    ['replaces addresses that a client made up',            'x-forwarded-for',   spoofed,                       peer,  ['203.0.113.9']],
    ['appends a trusted proxy to the way it tells of',      'x-forwarded-for',   ['x-forwarded-for', '203.0.113.9', 'X-Forwarded-For', '10.9.9.9'], proxy, ['203.0.113.9, 10.9.9.9, 10.0.0.1']],
    ['keeps the way as told where the last hop is unknown', 'x-forwarded-for',   ['X-Forwarded-For', '203.0.113.9'], { ...peer, trusted: true }, ['203.0.113.9']],
    ['replaces a scheme that a client made up',             'x-forwarded-proto', spoofed,                       peer,  ['https']],
    ['keeps the scheme that a trusted proxy tells',         'x-forwarded-proto', ['X-Forwarded-Proto', 'http'], proxy, ['http']],
    ['replaces a host that a client made up',               'x-forwarded-host',  spoofed,                       peer,  ['app.example']],
    ['keeps the host that a trusted proxy tells',           'x-forwarded-host',  ['X-Forwarded-Host', 'b'],     proxy, ['b']],
    ['drops other lines that only a proxy may say',         'x-real-ip',         ['X-Real-IP', '1.1.1.1'],      peer,  []],
    ['drops any other X-Forwarded line of a client',        'x-forwarded-port',  ['X-Forwarded-Port', '1'],     peer,  []],
    ['keeps them from a trusted proxy',                     'forwarded',         ['Forwarded', 'for=1.1.1.1'],  proxy, ['for=1.1.1.1']],
    ['drops what CGI would read as the same',               'x_forwarded_for',   ['X_Forwarded_For', '1.1.1.1'], proxy, []],
    ['keeps other names with underscores',                  'my_token',          ['my_token', 'a'],             peer,  ['a']],
    ['drops Proxy, which CGI reads as HTTP_PROXY',          'proxy',             ['Proxy', 'http://evil'],      proxy, []],
    ['drops what is meant for Banyan',                      'x-banyan-target',   ['X-Banyan-Target', 'modern'], proxy, []],
    ['gives the request its id, and no other',              'x-request-id',      ['X-Request-Id', 'theirs'],    peer,  ['r1']],
    ['passes a trace on as it is',                          'traceparent',       ['TraceParent', valid],        peer,  [valid]],
    ['passes its state on',                                 'tracestate',        ['traceparent', valid, 'tracestate', 'a=1'], peer, ['a=1']],
    ['drops the state of a malformed trace',                'tracestate',        ['traceparent', '00-0', 'tracestate', 'a=1'], peer, []],
    ['leaves Via to those who sign it',                     'via',               ['Via', '1.0 cdn'],            peer,  ['1.0 cdn']],
    ['marks the way after those before it',                 'x-banyan-via',      ['X-Banyan-Via', 'banyan-b2'], peer,  ['banyan-b2', 'banyan-a1']],
    ['keeps Host',                                          'host',              ['Host', 'app.example'],       peer,  ['app.example']],
  ]
  for (const [title, name, headers, about, expected] of cases) {
    it(title, () => assert.deepEqual(heard(name, headers, about), expected))
  }

  it('says another Host where the upstream wants one', () => {
    assert.deepEqual(heard('host', ['Host', 'a'], peer, { ...forwarding, host: 'b:8' }), ['b:8'])
  })

  it('gives every attempt at a request without a trace the same new one', () => {
    for (const headers of [[], ['traceparent', '00-0']]) {
      const [first] = heard('traceparent', headers)
      assert.ok(first !== undefined && parseTraceparent(first) !== null)
      assert.deepEqual(heard('traceparent', headers), [first])
    }
  })
})

import { deepEqual, throws } from 'node:assert/strict'
import type { Socket } from 'node:net'
import { createAddressSet } from './address-set.ts'
import { readHeadLines } from './head-lines.ts'
import { createPeerReader } from './peer.ts'

const socketOf = (remoteAddress: string): Socket => ({ remoteAddress }) as Socket
const trusted = ['10.0.0.0/8', '2001:db8::/32']

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [title: string, from: string, headers: string[], address: string, scheme: string, host: string])[] = [
  ['is the socket where nobody forwards',               '9.9.9.9',          [],                                                        '9.9.9.9',     'http',  'a'],
  ['does not believe a client',                         '9.9.9.9',          ['X-Forwarded-For', '1.1.1.1', 'X-Forwarded-Proto', 'https'], '9.9.9.9',     'http',  'a'],
  ['believes a trusted proxy',                          '10.0.0.1',         ['X-Forwarded-For', '1.1.1.1', 'X-Forwarded-Proto', 'https'], '1.1.1.1',     'https', 'a'],
  ['knows an IPv4 proxy on an IPv6 socket',             '::ffff:10.0.0.1',  ['X-Forwarded-For', '1.1.1.1'],                            '1.1.1.1',     'http',  'a'],
  ['stops at the first address that is not trusted',    '10.0.0.1',         ['X-Forwarded-For', '6.6.6.6, 1.1.1.1, 10.0.0.2'],         '1.1.1.1',     'http',  'a'],
  ['reads several lines as one list',                   '10.0.0.1',         ['X-Forwarded-For', '6.6.6.6', 'x-forwarded-for', '1.1.1.1'], '1.1.1.1',    'http',  'a'],
  ['takes the farthest of trusted addresses only',      '10.0.0.1',         ['X-Forwarded-For', '10.0.0.3, 10.0.0.2'],                 '10.0.0.3',    'http',  'a'],
  ['goes no further than what is an address',           '10.0.0.1',         ['X-Forwarded-For', '1.1.1.1, unknown'],                   '10.0.0.1',    'http',  'a'],
  ['reads an address with a port',                      '10.0.0.1',         ['X-Forwarded-For', '1.1.1.1:4711'],                       '1.1.1.1',     'http',  'a'],
  ['reads an IPv6 address in brackets',                 '2001:db8::1',      ['X-Forwarded-For', '[2001:db9::7]:4711'],                 '2001:db9::7', 'http',  'a'],
  ['takes scheme and host of the hop that it believes', '10.0.0.1',         ['X-Forwarded-For', '1.1.1.1', 'X-Forwarded-Proto', 'ftp, https', 'X-Forwarded-Host', 'evil, b'], '1.1.1.1', 'https', 'b'],
  ['keeps Host when the forwarded one is none',         '10.0.0.1',         ['X-Forwarded-For', '1.1.1.1', 'X-Forwarded-Host', 'b/c'],  '1.1.1.1',    'http',  'a'],
]

describe('createPeerReader', () => {
  const read = createPeerReader(trusted)
  for (const [title, from, headers, address, scheme, host] of cases) {
    it(title, () => {
      const peer = read(socketOf(from), readHeadLines(['Host', 'a', ...headers]))
      deepEqual([peer.address, peer.scheme, peer.host], [address, scheme, host])
    })
  }
})

describe('createAddressSet', () => {
  it('refuses what is no network, with the way to write one', () => {
    throws(() => createAddressSet(['10.0.0.0/x']), /'10.0.0.0\/x' is no network: write it like/)
  })

  it('holds no text that is no address', () => {
    const has = createAddressSet(['0.0.0.0/0'])
    deepEqual([has('1.2.3.4'), has('example'), has('')], [true, false, false])
  })
})

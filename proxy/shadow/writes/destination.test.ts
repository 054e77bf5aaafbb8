import { deepEqual, equal } from 'node:assert/strict'
import {
  createReach,
  datagramDestination,
  destinationText,
  socketDestination,
} from './destination.ts'

// biome-ignore format: a table reads best as a table
const reached: readonly (readonly [pattern: string, host: string, port: string, isReached: boolean])[] = [
  ['search.internal:9200', 'search.internal',  '9200', true],
  ['search.internal:9200', 'Search.Internal.', '9200', true],
  ['search.internal:9200', 'search.internal',  '9201', false],
  ['search.internal',      'search.internal',  '1',    true],
  ['search.internal',      'xsearch.internal', '1',    false],
  ['*.internal:80',        'a.b.internal',     '80',   true],
  ['*.internal:80',        'internal',         '80',   false],
  ['*.internal:80',        'evilinternal',     '80',   false],
  ['[::1]:6379',           '::1',              '6379', true],
]

describe('what shadows may reach', () => {
  for (const [pattern, host, port, isReached] of reached)
    it(`${isReached ? 'is' : 'is not'} ${host}:${port} by ${pattern}`, () => {
      equal(createReach([pattern]).destination({ host, port }), isReached)
    })

  it('is no socket of a path, and nothing by an empty list', () => {
    equal(createReach(['tmp']).destination({ path: 'tmp' }), false)
    equal(createReach([]).destination({ host: 'localhost', port: '1' }), false)
  })

  it('is read from whatever a socket or a datagram is called with', () => {
    const to = { host: 'h', port: '9' }
    for (const given of [[{ host: 'h', port: 9 }], [[{ host: 'h', port: 9 }, null]], [9, 'h']])
      deepEqual(socketDestination(given), to)
    deepEqual(socketDestination(['/run/a.sock']), { path: '/run/a.sock' })
    deepEqual(socketDestination([9]), { host: 'localhost', port: '9' })
    deepEqual(datagramDestination(['x', 0, 1, 9, 'h', () => {}]), to)
    deepEqual(datagramDestination(['x', 9, undefined]), { host: 'localhost', port: '9' })
    for (const given of [
      ['x', '9', 'h'],
      ['x', '0', '1', '9', 'h'],
      ['x', 9, 'h', () => {}],
    ])
      deepEqual(datagramDestination(given), to)
    deepEqual(datagramDestination(['x', () => {}]), { host: 'localhost', port: '?' })
  })

  it('is told without what looks like a secret', () => {
    const token = 'f'.repeat(32)
    equal(destinationText({ host: `${token}.a.b`, port: '9' }), '…:9')
    equal(destinationText({ path: `/run/${token}/a.sock` }), '/run/…/a.sock')
    equal(destinationText({ host: 'mail.internal', port: '25' }), 'mail.internal:25')
  })
})

import assert from 'node:assert/strict'
import type { Match, Route } from '../config/config.ts'
import { findTies, findUnreachable } from './conflicts.ts'
import { plainRoute } from './plain-route.ts'

type Matches = readonly Partial<Match>[]
/** Named a, b, c in the order given. */
const routesOf = (matches: Matches): readonly Route[] =>
  matches.map((match, i) => plainRoute('abcdef'.charAt(i), { match }))

const ties: readonly (readonly [string, Matches, string])[] = [
  ['the same path and any method', [{ path: '/x' }, { path: '/x' }], 'a-b'],
  ['names that differ', [{ path: '/:x/y' }, { path: '/:z/y' }], 'a-b'],
  ['methods that overlap', [{ methods: ['GET', 'PUT'] }, { methods: ['PUT', 'POST'] }], 'a-b'],
  ['different headers', [{ headers: { x: '1' } }, { headers: { y: '1' } }], 'a-b'],
  ['different query', [{ query: { x: null } }, { query: { y: null } }], 'a-b'],
  ['the same host', [{ host: 'x.example' }, { host: 'x.example' }], 'a-b'],
  ['three of a kind', [{}, {}, {}], 'a-b a-c b-c'],
  ['no tie: methods apart', [{ methods: ['GET'] }, { methods: ['POST'] }], ''],
  ['no tie: fewer methods', [{ methods: ['GET'] }, { methods: ['GET', 'POST'] }], ''],
  ['no tie: named before any', [{ methods: ['GET'] }, {}], ''],
  ['no tie: paths apart', [{ path: '/x' }, { path: '/y' }], ''],
  ['no tie: literal before name', [{ path: '/x' }, { path: '/:y' }], ''],
  ['no tie: a slash more', [{ path: '/x' }, { path: '/x/' }], ''],
  ['no tie: header values apart', [{ headers: { x: '1' } }, { headers: { x: '2' } }], ''],
  ['no tie: a value before presence', [{ headers: { x: '1' } }, { headers: { x: null } }], ''],
  ['no tie: hosts apart', [{ host: 'x.example' }, { host: '*.example' }], ''],
  ['no tie: hostile names', [{ headers: { constructor: '1' } }, { query: { toString: '1' } }], ''],
]

const covered: readonly (readonly [string, Matches, string])[] = [
  [
    'methods taken one by one',
    [{ methods: ['GET', 'PUT'] }, { methods: ['GET'] }, { methods: ['PUT'] }],
    'a<bc',
  ],
  [
    'one method left',
    [{ methods: ['GET', 'PUT', 'POST'] }, { methods: ['GET'] }, { methods: ['PUT'] }],
    '',
  ],
  ['any method is never used up', [{}, { methods: ['GET', 'HEAD', 'POST'] }], ''],
  [
    'a header only helps',
    [{ methods: ['GET', 'PUT'], headers: { x: '1' } }, { methods: ['GET'] }, { methods: ['PUT'] }],
    'a<bc',
  ],
  [
    'a header leaves the rest',
    [{ methods: ['GET'] }, { methods: ['GET'], headers: { x: '1' } }],
    '',
  ],
  ['names apart leave the rest', [{ path: '/:x' }, { path: '/y' }], ''],
  [
    'a `*` taken apart',
    [{ path: '/x/*' }, { path: '/x/' }, { path: '/x/:y' }, { path: '/x/:y/*' }],
    'a<bcd',
  ],
  [
    'a `*` taken apart, deeper',
    [
      { path: '/*' },
      { path: '/' },
      { path: '/:y' },
      { path: '/:y/' },
      { path: '/:y/:z' },
      { path: '/:y/:z/*' },
    ],
    'a<bcdef',
  ],
  [
    'a `*` that still ends in a slash',
    [{ path: '/x/*' }, { path: '/x/:y' }, { path: '/x/:y/*' }],
    '',
  ],
  ['another host', [{ host: 'x.example' }, { path: '/:y' }, { path: '/:y/*' }, { path: '/' }], ''],
]

describe('findTies', () => {
  for (const [title, matches, expected] of ties) {
    it(`judges ${title}`, () => {
      const found = findTies(routesOf(matches)).map(([a, b]) => `${a.id}-${b.id}`)
      assert.equal(found.join(' '), expected)
    })
  }
})

describe('findUnreachable', () => {
  for (const [title, matches, expected] of covered) {
    it(`judges ${title}`, () => {
      const found = findUnreachable(routesOf(matches)).map(
        ({ route, by }) =>
          `${route.id}<${by
            .map(({ id }) => id)
            .sort()
            .join('')}`,
      )
      assert.equal(found.join(' '), expected)
    })
  }
})

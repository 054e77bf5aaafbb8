/** What the scenarios must put to every target, held against the routes and their documentation. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../proxy/package-root.ts'
import { type Operation, operations } from '../routes/docs/operations.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { scenarios } from './scenarios/scenarios.ts'

/** Route → the test that knows it, where one request and its answer do not tell. */
const elsewhere: Readonly<Record<string, string>> = {
  'account.events': 'contract-tests/live.test.ts',
  'account.live': 'contract-tests/live.test.ts',
  'settings.save': 'contract-tests/site.test.ts',
}

const configuredRoutes = (): readonly string[] => {
  const text = readFileSync(join(packageRoot(), 'config/banyan.yaml'), 'utf8')
  const routes = text.slice(text.search(/^routes:$/m))
  return [...routes.matchAll(/^ {2}([a-z]+(?:\.[a-z]+)?):/gm)].map((found) => found[1] ?? '')
}

type Asked = (scenario: Scenario, operation: Operation) => boolean

const isDone: Asked = ({ status }, operation) => status === operation.status
/**
 * A success that only journeys can have: what it makes stays, or can be made but once. That they
 * have it, documented.test.ts says.
 */
const inJourneys = new Set([
  ...['articles.create', 'articles.update', 'articles.delete', 'comments.create'],
  ...['comments.delete', 'favorites.add', 'profiles.follow', 'user.update', 'users.create'],
])

/** Token → who must have asked, and been answered how. */
const callers: Readonly<Record<Operation['token'], Readonly<Record<string, Asked>>>> = {
  none: { 'by anybody': isDone },
  optional: {
    'without a token': (one, of) => one.as === undefined && isDone(one, of),
    'with a token': (one, of) => one.as === 'jake' && isDone(one, of),
    'with a bad token': (one, of) => one.as === 'nobody' && isDone(one, of),
  },
  required: {
    'without a token': ({ as, status }) => as === undefined && status === 401,
    'with a bad token': ({ as, status }) => as === 'nobody' && status === 401,
    'with a token': (one, of) => one.as === 'jake' && isDone(one, of),
  },
}

const foreignText = /[^\0-\x7f]/u
const pathOf = ({ url }: Scenario): string => decodeURIComponent(url.split('?')[0] ?? '')
const queried =
  (query: RegExp): Asked =>
  ({ url }) =>
    query.test(url)

/** What of an operation asks for an edge → the edges. */
const edges: readonly {
  readonly of: (id: string, operation: Operation) => boolean
  readonly asked: Readonly<Record<string, Asked>>
}[] = [
  {
    of: (_, { query = [] }) => query.includes('limit'),
    asked: {
      'a limit of nothing': queried(/limit=0/),
      'a negative limit': queried(/limit=-/),
      'a limit that is no number': queried(/limit=[a-z]/),
      'a limit that is a list': queried(/limit\[\]/),
      'a limit past 2^64': queried(/limit=\d{20}/),
      'a negative offset': queried(/offset=-/),
      'an offset past the end': queried(/offset=\d{6}/),
    },
  },
  {
    of: (_, { errors = [] }) => errors.includes(404),
    asked: { 'a path in another script': (one) => foreignText.test(pathOf(one)) },
  },
  {
    of: (_, { body }) => body !== undefined,
    asked: {
      'a body in another script': ({ body }) => foreignText.test(JSON.stringify(body ?? '')),
      'half of a JSON text': ({ body, status }) => typeof body === 'string' && status === 400,
    },
  },
  {
    of: (id) => id === 'comments.delete',
    asked: { 'an id past 2^64': ({ url }) => /\d{20}/.test(url) },
  },
  {
    of: (id) => id === 'stats.get',
    asked: { 'numbers past 2^53': ({ holds }) => /BigInt/.test(String(holds)) },
  },
]

const ofRoute = (id: string): readonly Scenario[] => scenarios.filter(({ route }) => route === id)

describe('the scenarios', () => {
  it('know every route of the config', () => {
    const unknown = configuredRoutes().filter(
      (id) => ofRoute(id).length === 0 && elsewhere[id] === undefined,
    )
    assert.deepEqual(unknown, [])
    const gone = Object.values(elsewhere).filter((file) => !existsSync(join(packageRoot(), file)))
    assert.deepEqual(gone, [])
  })

  for (const [id, operation] of Object.entries(operations)) {
    it(`put ${id} to every kind of caller`, () => {
      const missing = Object.entries(callers[operation.token]).filter(([who, asked]) => {
        if (inJourneys.has(id) && who !== 'without a token' && who !== 'with a bad token') {
          return false
        }
        return !ofRoute(id).some((scenario) => asked(scenario, operation))
      })
      assert.deepEqual(
        missing.map(([who]) => who),
        [],
      )
    })

    it(`put ${id} to its edges`, () => {
      const asked = edges.filter((edge) => edge.of(id, operation)).map((edge) => edge.asked)
      const missing = asked
        .flatMap((each) => Object.entries(each))
        .filter(([, holds]) => !ofRoute(id).some((scenario) => holds(scenario, operation)))
      assert.deepEqual(
        missing.map(([what]) => what),
        [],
      )
    })
  }
})

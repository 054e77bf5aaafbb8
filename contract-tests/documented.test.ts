import assert from 'node:assert/strict'
import { journeys } from './journeys/journeys.ts'
import { type Documented, fetchDocument, type Operation } from './lab/documented.ts'
import { describeEachDatabase } from './lab/each-database.ts'
import { runJourney } from './lab/journey.ts'
import { type Modern, startModern } from './lab/modern.ts'
import { probeMariadb } from './lab/native.ts'
import { prepareDatabase } from './lab/seed.ts'
import { rewritten } from './owners.ts'
import { scenarios } from './scenarios/scenarios.ts'

/** Literals before placeholders, as routers have it. */
const bySpecificity = (one: Operation, other: Operation): number =>
  one.path.split('{').length - other.path.split('{').length

const operationOf = (operations: readonly Operation[], request: string): Operation | undefined => {
  const [method, url = ''] = request.split(' ')
  const path = url.split('?')[0] ?? ''
  return [...operations].sort(bySpecificity).find((operation) => {
    const pattern = operation.path.replace(/\{\w+\}/g, '[^/]+')
    return operation.method === method && new RegExp(`^${pattern}$`).test(path)
  })
}

describeEachDatabase('the document', await probeMariadb(), (database) => {
  let modern: Modern
  let documented: Documented

  before(async function () {
    this.timeout(60_000)
    await prepareDatabase(database().url, { users: 5, articles: 20 })
    modern = await startModern(database().url, 'a secret of the tests')
    documented = await fetchDocument(modern.url)
  })
  after(() => modern?.close())

  it('knows every rewritten route', () => {
    assert.deepEqual(documented.operations.map(({ id }) => id).sort(), [...rewritten].sort())
  })

  it('promises no status that no scenario and no journey meets', () => {
    const { operations } = documented
    const met = new Set(scenarios.map(({ route, status }) => `${route} ${status}`))
    for (const { request, status } of journeys.flatMap(({ steps }) => steps)) {
      met.add(`${operationOf(operations, request)?.id} ${status}`)
    }
    const promised = operations.flatMap(({ id, statuses }) =>
      statuses.map((status) => `${id} ${status}`),
    )
    assert.deepEqual(
      promised.filter((each) => !met.has(each)),
      [],
    )
  })

  for (const [index, journey] of journeys.entries()) {
    it(`knows every answer of ${journey.title}`, async () => {
      await runJourney(journey, {
        origin: modern.url,
        run: `d${index}`,
        answered: (answer, step) => {
          const operation = operationOf(documented.operations, step.request)
          documented.assertKnown(operation?.id ?? step.request, answer)
        },
      })
    })
  }
})

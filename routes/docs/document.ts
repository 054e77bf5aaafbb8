/** The OpenAPI document: where routes lie from the router, what they take from their own schemas. */
import type Router from '@koa/router'
import { type Members, type Operation, operations, type Query } from './operations.ts'
import { describeSchemas, type JsonSchema, refTo, type SchemaName } from './schemas.ts'

/** Part of the router that is asked. */
export type Layers = Pick<Router, 'stack'>

export interface OperationDocument {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly parameters: readonly object[]
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, object>>
}

export interface ApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationDocument>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly securitySchemes: object
  }
}

const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const

const said: Readonly<Record<Query, readonly [string, JsonSchema]>> = {
  tag: ['Only articles with this tag', text],
  author: ['Only articles by the user of this name', text],
  favorited: ['Only articles that the user of this name favors', text],
  limit: ['At most so many', { ...count, default: 20, maximum: 100 }],
  offset: ['Without so many at the beginning', { ...count, default: 0, maximum: 1_000_000 }],
  tagsOf: ['Also how many articles by the user of this name have which tag', text],
}

const problems: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON',
  401: 'The token is missing or invalid, or the credentials are',
  403: 'It is somebody else’s',
  404: 'It is not there',
  413: 'The body is larger than 8 MiB',
  422: 'What was sent cannot be taken; field by field, why not',
}

const memberOf = (kind: Members[string]): JsonSchema => {
  if (kind === 'count') return count
  if (kind === 'text[]') return { type: 'array', items: text }
  const name = kind.replace('[]', '') as SchemaName
  return kind.endsWith('[]') ? { type: 'array', items: refTo(name) } : refTo(name)
}

const objectOf = (members: Members): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(members).map(([key, of]) => [key, memberOf(of)])),
  required: Object.keys(members),
  additionalProperties: false,
})

const json = (schema: JsonSchema): object => ({ 'application/json': { schema } })

const responsesOf = ({
  token,
  body,
  status,
  shows,
  errors = [],
}: Operation): Record<string, object> => {
  const description = status === 204 ? 'Done; the answer is empty' : 'Done'
  const schema = shows === 'Stats' ? refTo('Stats') : shows && objectOf(shows)
  const failures = new Set<number>([
    ...(token === 'required' ? [401] : []),
    ...(body === undefined ? [] : [400, 413]),
    ...errors,
  ])
  const told = [...failures].map((code) => [
    code,
    { description: problems[code], content: json(refTo('Errors')) },
  ])
  return {
    [status]: { description, ...(schema === null ? {} : { content: json(schema) }) },
    ...Object.fromEntries(told),
  }
}

const parametersOf = (path: string, { query = [] }: Operation): readonly object[] => [
  ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: text },
  })),
  ...query.map((name) => {
    const [description, schema] = said[name]
    return { name, in: 'query', required: false, description, schema }
  }),
]

/** A bad token where none is needed is no error: `{}` says that none is fine, too. */
const securityOf = { none: [], optional: [{}, { token: [] }], required: [{ token: [] }] } as const

const describeOperation = (id: string, path: string, operation: Operation): OperationDocument => ({
  operationId: id,
  summary: operation.summary,
  tags: [id.slice(0, id.indexOf('.'))],
  security: securityOf[operation.token],
  parameters: parametersOf(path, operation),
  ...(operation.body === undefined
    ? {}
    : { requestBody: { required: true, content: json(objectOf(operation.body)) } }),
  responses: responsesOf(operation),
})

const describePaths = ({ stack }: Layers): ApiDocument['paths'] => {
  const paths: Record<string, Record<string, OperationDocument>> = {}
  for (const { name, path, methods } of stack) {
    const operation = operations[name ?? '']
    const method = methods.find((each) => each !== 'HEAD')?.toLowerCase()
    if (name === undefined || name === null || operation === undefined || !method) continue
    const where = String(path)
    const template = where.replace(/:(\w+)/g, '{$1}')
    paths[template] = { ...paths[template], [method]: describeOperation(name, where, operation) }
  }
  return paths
}

/** @param layers each named like the route id of its operation */
export const describeApi = (layers: Layers): ApiDocument => ({
  openapi: '3.1.0',
  info: {
    title: 'Conduit',
    version: '1.0.0',
    description:
      'Articles, comments, favorites and those who write them. ' +
      'Every error has the shape {"errors": {"field": ["what is wrong with it"]}}.',
  },
  paths: describePaths(layers),
  components: {
    schemas: describeSchemas(),
    securitySchemes: {
      token: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        description: '`Token ` and what users.create, users.login or user.update answered with',
      },
    },
  },
})

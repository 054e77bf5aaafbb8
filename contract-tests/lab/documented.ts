/** What the rewritten handlers' own document says of an answer. */
import assert from 'node:assert/strict'
import { z } from 'zod'
import type { ApiDocument, OperationDocument } from '../../routes/docs/document.ts'
import type { Answer } from '../scenarios/scenario.ts'

export interface Operation {
  readonly id: string
  /** Upper case. */
  readonly method: string
  /** `/api/articles/{slug}` */
  readonly path: string
  readonly statuses: readonly number[]
}

export interface Documented {
  readonly operations: readonly Operation[]
  /** Throws an AssertionError unless the document knows of such an answer of this route. */
  assertKnown(route: string, answer: Answer): void
}

type Json = NonNullable<Parameters<typeof z.fromJSONSchema>[0]>

interface Response {
  readonly content?: { readonly 'application/json': { readonly schema: object } }
}

/** Schemas refer to one another by places that a schema alone has to bring along. */
const standalone = (schema: object, components: ApiDocument['components']): z.ZodType => {
  const text = JSON.stringify({ ...schema, $defs: components.schemas }).replaceAll(
    '#/components/schemas/',
    '#/$defs/',
  )
  return z.fromJSONSchema(JSON.parse(text) as Json)
}

const operationsOf = (document: ApiDocument): readonly (Operation & { is: OperationDocument })[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, is]) => ({
      id: is.operationId,
      method: method.toUpperCase(),
      path,
      statuses: Object.keys(is.responses).map(Number),
      is,
    })),
  )

const readDocument = (document: ApiDocument): Documented => {
  const operations = operationsOf(document)
  return {
    operations,
    assertKnown(route, { status, json }) {
      const operation = operations.find(({ id }) => id === route)
      assert.ok(operation, `the document does not know ${route}`)
      const response = operation.is.responses[String(status)] as Response | undefined
      assert.ok(response, `the document knows no ${status} of ${route}`)
      const schema = response.content?.['application/json'].schema
      if (schema === undefined) return assert.equal(json, null)
      const result = standalone(schema, document.components).safeParse(json)
      assert.ok(result.success, `${route} ${status}: ${result.error}`)
    },
  }
}

/** @param origin of the rewritten handlers alone */
export const fetchDocument = async (origin: string): Promise<Documented> =>
  readDocument((await (await fetch(`${origin}/api/openapi.json`)).json()) as ApiDocument)

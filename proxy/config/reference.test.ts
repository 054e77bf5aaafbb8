import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'
import * as builtIn from './built-in.ts'
import { withoutEffect } from './checks/without-effect.ts'
import { diagnosticRows } from './diagnostics.ts'
import { includedFile, mainFile } from './keys.ts'
import { jsonSchemaOf } from './schema.ts'
import { formatDuration, formatShare, formatSize } from './units.ts'

const file = (name: string): string => join(packageRoot(), name)
const read = (name: string): string => readFileSync(file(name), 'utf8')

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/** Names that the user chooses stand as the reference writes them. */
const placeholder = (path: string): string => (path === 'routes' ? 'ID' : 'NAME')

const keysOf = (schema: Schema, path = ''): readonly string[] => {
  const below = (step: string, inner: Schema): readonly string[] =>
    keysOf(inner, path === '' ? step : `${path}.${step}`)
  const { properties = {}, additionalProperties: named, items, anyOf = [] } = schema
  return [
    ...Object.entries(properties).flatMap(([key, inner]) => [
      path === '' ? key : `${path}.${key}`,
      ...below(key, inner),
    ]),
    ...(typeof named === 'object' ? below(placeholder(path), named) : []),
    ...(items === undefined ? [] : below('[]', items)),
    ...anyOf.flatMap((one) => keysOf(one, path)),
  ]
}

/** Rows of the reference's tables: a key and its default. */
const rows = (): ReadonlyMap<string, string> =>
  new Map(
    [...read('docs/reference/config.md').matchAll(/^\| `([\w.[\]]+)` \| .* \| ?(.*?) ?\|$/gm)].map(
      ([, key = '', value = '']) => [key, value],
    ),
  )

const written = (key: string, value: unknown): readonly [string, string] => {
  if (typeof value !== 'number') return [key, JSON.stringify(value).replaceAll('"', '')]
  if (key.endsWith('Ms')) return [key.slice(0, -2), formatDuration(value)]
  if (key.endsWith('Bp')) return [key.slice(0, -2), formatShare(value)]
  return key.endsWith('Bytes') ? [key.slice(0, -5), formatSize(value)] : [key, String(value)]
}

const defaultsOf = (path: string, value: object): readonly (readonly [string, string])[] =>
  Object.entries(value).flatMap(([key, inner]): readonly (readonly [string, string])[] => {
    if (inner === null || key === 'caller') return []
    if (typeof inner === 'object' && !Array.isArray(inner))
      return defaultsOf(`${path}.${key}`, inner)
    const [name, text] = written(key, inner)
    return [[`${path}.${name}`, text]]
  })

const sections: readonly (readonly [string, object])[] = [
  ['listen', builtIn.listen],
  ['admin', builtIn.admin],
  ['probes', builtIn.probes],
  ['handlers', builtIn.handlers],
  ['store', builtIn.store],
  ['shadow', builtIn.shadow],
  ['log', builtIn.log],
  ['force', builtIn.force],
  ['upstreams.NAME', builtIn.upstream],
  ['upstreams.NAME.health', builtIn.health],
  ['routes.ID', builtIn.route],
  ['gates.NAME', builtIn.gate],
  ['rollouts.NAME', builtIn.rollout],
]

describe('docs/reference/config.md', () => {
  it('explains every key of the schema and no other', () => {
    const keys = [mainFile, includedFile].flatMap((one) => keysOf(jsonSchemaOf(one) as Schema))
    const own = keys.filter((key) => !key.startsWith('defaults.'))
    assert.deepEqual([...rows().keys()].sort(), [...new Set(own)].sort())
  })

  it('marks every key that has no effect yet, and no other', () => {
    const marked = [
      ...read('docs/reference/config.md').matchAll(/^\| `(\S+)` \| .*no effect yet.* \|$/gm),
    ].map(([, key]) => key)
    assert.deepEqual(marked.toSorted(), withoutEffect.map(({ key }) => key).toSorted())
  })

  for (const [path, values] of sections)
    it(`gives the built-in values of ${path}`, () => {
      for (const [key, value] of defaultsOf(path, values))
        assert.equal(rows().get(key), `\`${value}\``, key)
    })
})

describe('docs/reference/diagnostics.md', () => {
  it('lists every code with its severity and title, and no other', () => {
    const listed = [
      ...read('docs/reference/diagnostics.md').matchAll(/^\| `(BC\d+)` \| (\w+) \| (.*?) \|/gm),
    ]
    assert.deepEqual(
      listed.map(([, ...row]) => row),
      diagnosticRows.map(({ code, severity, title }) => [code, severity, title]),
    )
  })

  it('gives every code a meaning of its own', () => {
    const codes = diagnosticRows.map(({ code }) => code)
    assert.equal(new Set(codes).size, codes.length)
  })
})

describe('config/banyan.schema.json', () => {
  it('is what the schema says; BANYAN_WRITE=1 writes it anew', () => {
    const name = 'config/banyan.schema.json'
    const expected = jsonSchemaOf(mainFile)
    if (process.env.BANYAN_WRITE === '1')
      writeFileSync(file(name), `${JSON.stringify(expected, null, 2)}\n`)
    // As data: the formatter has its own idea of lists.
    assert.deepEqual(JSON.parse(read(name)), JSON.parse(JSON.stringify(expected)))
  })
})

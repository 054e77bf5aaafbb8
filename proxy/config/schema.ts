/**
 * How a map of keys is described and read: the one door to the schema library. Durations, sizes and
 * shares get their unit into their name (`hold` → `holdMs`), as `Config` has it.
 */
import { z } from 'zod'
import { type Fault, fault, isFault } from './diagnostics.ts'
import { describe, type Kind } from './kinds.ts'
import { suggest } from './suggest.ts'

/** A key's value, and what the unit adds to the key's name. */
export interface Field<T, S extends string = ''> {
  readonly schema: z.ZodType<T>
  readonly suffix: S
}

export type AnyField = Field<unknown, string>
export type Read<F> = F extends Field<infer T, string> ? T : never
export type Named<F> = {
  readonly [K in keyof F & string as F[K] extends Field<unknown, infer S>
    ? `${K}${S}`
    : never]?: Read<F[K]>
}

export type JsonSchema = Readonly<Record<string, unknown>>

const variable = '\\$\\{'

/** Editors must not complain of `${PORT}`: it becomes a value only when the file is loaded. */
const orVariable = (written: JsonSchema): JsonSchema => {
  if (typeof written.pattern === 'string')
    return { ...written, pattern: `${written.pattern}|${variable}` }
  return written.type === 'string' && !('enum' in written)
    ? written
    : { anyOf: [written, { type: 'string', pattern: variable }] }
}

/** Reads a value on; a fault is an issue of the schema. */
const refine = <T, U>(schema: z.ZodType<T>, read: (value: T) => U | Fault): z.ZodType<U> =>
  schema.transform((value, { issues }): U => {
    const found = read(value)
    if (!isFault(found)) return found
    issues.push({ code: 'custom', input: value, params: { ...found } })
    return z.NEVER
  })

export const leafOf = <T, S extends string>(kind: Kind<T>, suffix: S): Field<T, S> => ({
  schema: refine(z.unknown(), kind.read).meta({
    ...orVariable(kind.written),
    ...(kind.id === undefined ? {} : { id: kind.id }),
  }),
  suffix,
})
export const leaf = <T>(kind: Kind<T>): Field<T> => leafOf(kind, '')

/** Where all keys of a map are commented out, YAML has null: such a map is empty. */
const orEmpty = <T extends object>(schema: z.ZodType<T>): z.ZodType<T> =>
  z.preprocess((value) => value ?? {}, schema)

/** A map with these keys and no others, any of which may be missing. */
export const map = <F extends Readonly<Record<string, AnyField>>>(fields: F): Field<Named<F>> => {
  const entries = Object.entries(fields)
  const shape = Object.fromEntries(entries.map(([key, { schema }]) => [key, schema.optional()]))
  const names = new Map(entries.map(([key, { suffix }]) => [key, `${key}${suffix}`]))
  // The message of an unknown key carries the known ones to `faultsOf`.
  const error = ({ code }: { readonly code?: string | undefined }): string | undefined =>
    code === 'unrecognized_keys' ? [...names.keys()].join(' ') : undefined
  const renamed = z.strictObject(shape, { error }).transform((value) => {
    const given = Object.entries(value).filter(([, part]) => part !== undefined)
    return Object.fromEntries(given.map(([key, part]) => [names.get(key) ?? key, part]))
  })
  return { schema: orEmpty(renamed) as z.ZodType<Named<F>>, suffix: '' }
}

export const list = <T>(field: Field<T, string>): Field<readonly T[]> => ({
  schema: z.array(field.schema),
  suffix: '',
})

export const named = <T>(field: Field<T, string>): Field<Readonly<Record<string, T>>> => ({
  schema: orEmpty(z.record(z.string(), field.schema)),
  suffix: '',
})

export const either = <A, B>(short: Field<A, string>, long: Field<B, string>): Field<A | B> => ({
  schema: z.union([short.schema, long.schema]),
  suffix: '',
})

export const read = <T, U>(field: Field<T, string>, reader: (value: T) => U | Fault): Field<U> => ({
  schema: refine(field.schema, reader),
  suffix: '',
})

/** Something wrong at a path of keys; `at` says whether the key itself or its value is meant. */
export interface Finding {
  readonly path: readonly (string | number)[]
  readonly at: 'key' | 'value'
  readonly fault: Fault
}

type Issue = z.core.$ZodIssue
type Path = Finding['path']

const pathOf = (issue: Issue): Path =>
  issue.path.map((step) => (typeof step === 'number' ? step : String(step)))

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, step) => (at as Record<string, unknown> | null)?.[step], value)

const unknownKeys = (issue: Issue & { code: 'unrecognized_keys' }, path: Path): Finding[] =>
  issue.keys.map((key) => ({
    path: [...path, key],
    at: 'key',
    fault: fault('unknownKey', `unknown key "${key}"`, suggest(key, issue.message.split(' '))),
  }))

const isTypeMismatch = (issue: Issue): boolean =>
  issue.path.length === 0 &&
  (issue.code === 'invalid_type' ||
    (issue.code === 'custom' && issue.params?.fault === 'wrongType'))

/** Of two forms, the one that the value was meant to have: the one whose type is right. */
const meant = (forms: readonly (readonly Issue[])[]): readonly Issue[] =>
  forms.find((issues) => !issues.some(isTypeMismatch)) ?? forms[0] ?? []

const findingsOf = (issue: Issue, root: unknown, above: Path = []): Finding[] => {
  const path = [...above, ...pathOf(issue)]
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, path)
  if (issue.code === 'invalid_union')
    return meant(issue.errors).flatMap((inner) => findingsOf(inner, root, path))
  if (issue.code === 'custom')
    return [{ path, at: 'value', fault: issue.params as unknown as Fault }]
  const expected = issue.code === 'invalid_type' && issue.expected === 'array' ? 'a list' : 'a map'
  const message = `expected ${expected}, found ${describe(valueAt(root, path))}`
  return [{ path, at: 'value', fault: fault('wrongType', message) }]
}

const without = (value: unknown, [step, ...rest]: Path): unknown => {
  if (step === undefined) return {}
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return value.flatMap((item, i) => {
      if (i !== step) return [item]
      return rest.length === 0 ? [] : [without(item, rest)]
    })
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      if (key !== step) return [[key, item]]
      return rest.length === 0 ? [] : [[key, without(item, rest)]]
    }),
  )
}

/** Later paths first, so that taking an item out of a list moves none that is still to go. */
const inReverse = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => Number(b.path.at(-1)) - Number(a.path.at(-1)) || 0)

const contains = (outer: Path, inner: Path): boolean => outer.every((step, i) => step === inner[i])

/** Reads a value. What is wrong is reported and left out, so that the rest can still be judged. */
export const readShape = <T>(
  { schema }: Field<T, string>,
  value: unknown,
): { readonly value: T; readonly findings: readonly Finding[] } => {
  const findings: Finding[] = []
  let rest = value
  for (;;) {
    const result = schema.safeParse(rest)
    if (result.success) return { value: result.data, findings }
    const found = result.error.issues.flatMap((issue) => findingsOf(issue, rest))
    // What is missing only since it was left out is no finding of its own.
    const isNew = ({ path }: Finding): boolean => !findings.some((old) => contains(path, old.path))
    findings.push(...found.filter(isNew))
    rest = inReverse(found).reduce((left, { path }) => without(left, path), rest)
  }
}

/** JSON Schema (draft 2020-12) of what may be written. */
export const jsonSchemaOf = ({ schema }: AnyField): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })

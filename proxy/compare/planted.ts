/**
 * Property tests of the comparator, for as many runs as a test can afford: any JSON compared with
 * itself is identical, and any one change planted in it is found, in the same place both ways round.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Comparison, compare } from './compare.ts'
import { observed } from './observed.ts'
import { parseRules } from './rules.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const headers = ['Content-Type', 'application/json']
const body = (value: Json): { headers: string[]; body: string } => ({
  headers,
  body: JSON.stringify(value),
})

const compared = (legacy: Json, modern: Json, rules: readonly object[] = []): Comparison =>
  compare(
    observed('legacy', body(legacy)),
    observed('modern', body(modern)),
    parseRules(
      rules.map((rule) => ({ why: 'a test', ...rule })),
      'test',
    ).rules,
  )

/** Names that hold traps, and few enough of them to make lists of like objects. */
const name = fc.constantFrom('id', 'a', 'b', 'a/b', '~', '', '__proto__', 'constructor', '*', '7')

const { value } = fc.letrec<{ value: Json; list: Json[]; map: { [name: string]: Json } }>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<Json>(null, true, false, 0, 1, -1, 1.5, '', 'a', 'b', '1', 'é', '\ud800'),
      fc.integer(),
      fc.string(),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('value'), { maxLength: 6 }),
    map: fc.dictionary(name, tie('value'), { maxKeys: 6, noNullPrototype: true }),
  }),
)

type Path = readonly (string | number)[]

/** Every place of a value, the root first. */
const paths = (json: Json, here: Path = []): Path[] => {
  if (typeof json !== 'object' || json === null) return [here]
  const below = Object.entries(json).flatMap(([key, child]) =>
    paths(child as Json, [...here, Array.isArray(json) ? Number(key) : key]),
  )
  return [here, ...below]
}

const at = (json: Json, path: Path): Json =>
  path.reduce<Json>((found, step) => (found as Record<string | number, Json>)[step] ?? null, json)

/** The value with one place changed; `change` takes what is there, and the list or map that holds it. */
const changed = (json: Json, path: Path, change: (held: Json) => Json): Json => {
  const [step, ...rest] = path
  if (step === undefined) return change(json)
  if (Array.isArray(json))
    return json.map((each, index) => (index === step ? changed(each, rest, change) : each))
  const entries = Object.entries(json as { [name: string]: Json })
  return Object.fromEntries(
    entries.map(([key, each]) => [key, key === step ? changed(each, rest, change) : each]),
  )
}

/** Another value of the same type. */
const otherValue = (held: Json): Json => {
  if (typeof held === 'string') return `${held}x`
  if (typeof held === 'number') return held === 1 ? 2 : 1
  return typeof held === 'boolean' ? !held : held
}

const otherType = (held: Json): Json => (typeof held === 'string' ? 7 : `${typeof held}`)

const oneLess = (held: Json): Json => {
  if (Array.isArray(held)) return held.slice(1)
  if (typeof held !== 'object' || held === null) return held
  return Object.fromEntries(Object.entries(held).slice(1))
}

const oneMore = (held: Json): Json => {
  if (Array.isArray(held)) return [...held, 'one more']
  return typeof held === 'object' && held !== null ? { ...held, 'one more': 1 } : held
}

const turned = (held: Json): Json => (Array.isArray(held) ? held.toReversed() : held)

const changes = { otherValue, otherType, oneLess, oneMore, turned } as const

const planted = fc
  .tuple(value, fc.nat(), fc.constantFrom(...Object.values(changes)))
  .map(([json, seed, change]) => {
    const all = paths(json)
    const path = all[seed % all.length] ?? []
    return { json, path, changed: changed(json, path, change) }
  })

const canonical = (json: Json): string =>
  JSON.stringify(json, (_, held: Json) =>
    typeof held === 'object' && held !== null && !Array.isArray(held)
      ? Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1))
      : held,
  )

const unlike = planted.filter(({ json, changed: other }) => canonical(json) !== canonical(other))

/** The same value in other bytes: names turned round, spaces, every other character escaped. */
const otherwise = (json: Json): string => {
  if (Array.isArray(json)) return `[ ${json.map(otherwise).join(' , ')} ]`
  if (typeof json !== 'object' || json === null) return scalarOtherwise(json)
  const members = Object.entries(json).reverse()
  return `{\n${members.map(([key, each]) => `${scalarOtherwise(key)} :${otherwise(each)}`).join(',\t')}}`
}

const scalarOtherwise = (json: Json): string => {
  if (typeof json !== 'string') return JSON.stringify(json)
  const units = Array.from({ length: json.length }, (_, at) => json.charCodeAt(at))
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`
}

/** Rows with keys, in two orders, one of them changed on one side. */
const rows = fc
  .tuple(fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 12 }), fc.nat(), value)
  .map(([ids, seed, held]) => {
    const changedId = ids[seed % ids.length] ?? 0
    const legacy = ids.map((id) => ({ id, held, count: 1 }))
    const modern = ids.map((id) => ({ id, held, count: id === changedId ? 2 : 1 }))
    const turn = seed % ids.length
    return { changedId, legacy, modern: [...modern.slice(turn), ...modern.slice(0, turn)] }
  })

const opposite: Readonly<Record<string, string>> = { missing: 'extra', extra: 'missing' }

const kindsOf = ({ differences }: Comparison): string[] =>
  differences.map(({ kind }) => kind).sort()

export const properties: Readonly<Record<string, (runs: number) => void>> = {
  'calls any JSON identical to itself': (runs) =>
    fc.assert(
      fc.property(value, (json) => {
        assert.equal(compared(json, json).outcome, 'identical')
      }),
      { numRuns: runs },
    ),

  'calls any JSON equivalent to itself in other bytes': (runs) =>
    fc.assert(
      fc.property(value, (json) => {
        const other = { headers, body: otherwise(json) }
        const found = compare(observed('legacy', body(json)), observed('modern', other))
        assert.ok(found.outcome === 'equivalent' || found.outcome === 'identical')
        assert.deepEqual(found.differences, [])
      }),
      { numRuns: runs },
    ),

  'finds one changed row among rows that moved, and nothing else but the order': (runs) =>
    fc.assert(
      fc.property(rows, ({ changedId, legacy, modern }) => {
        const { differences } = compared(legacy, modern)
        const places = differences.map(({ kind, path }) => `${kind} ${path}`)
        const found = places.filter((place) => place !== 'order ')
        assert.deepEqual(found, [`value /[id=${changedId}]/count`])
      }),
      { numRuns: runs },
    ),

  'finds any one planted change of value, type, presence or order': (runs) =>
    fc.assert(
      fc.property(unlike, ({ json, changed: other }) => {
        const { outcome, differences } = compared(json, other)
        assert.ok(outcome === 'mismatch' || outcome === 'inconclusive', outcome)
        assert.ok(differences.length > 0)
      }),
      { numRuns: runs },
    ),

  'finds as many differences, and the opposite ones, with the sides changed over': (runs) =>
    fc.assert(
      fc.property(unlike, ({ json, changed: other }) => {
        const there = kindsOf(compared(json, other))
        const back = kindsOf(compared(other, json)).map((kind) => opposite[kind] ?? kind)
        assert.deepEqual(there, back.sort())
      }),
      { numRuns: runs },
    ),

  'lets a rule overlook a planted value, and never a type, a shape or a missing member': (runs) =>
    fc.assert(
      fc.property(unlike, ({ json, changed: other, path }) => {
        const { differences, outcome } = compared(json, other, [{ ignore: '/**' }])
        const isValue = typeof at(json, path) === typeof at(other, path)
        assert.ok(differences.every(({ kind }) => kind !== 'value' && kind !== 'order'))
        if (!isValue) assert.equal(outcome, 'mismatch')
      }),
      { numRuns: runs },
    ),
}

import assert from 'node:assert/strict'
import { compareJson } from './compare-json.ts'
import { type JsonObject, type JsonValue, jsonNumber, jsonObject, parseJson } from './json.ts'
import { parseRules } from './rules.ts'
import { createSameness } from './sameness.ts'
import { createWalk } from './walk.ts'

const read = (text: string): JsonValue => {
  const parsed = parseJson(text)
  if ('value' in parsed) return parsed.value
  throw new Error(`${text} is JSON`)
}

/** Elements that stand so deep that they are told by their names. */
const deep = (text: string): JsonValue => read(`${'['.repeat(9)}${text}${']'.repeat(9)}`)

// biome-ignore format: a table reads best as a table
const pairs: readonly (readonly [string, string, boolean])[] = [
  ['{"a":1,"b":2}',     '{"b":2,"a":1}',     true],
  ['[1,2]',             '[2,1]',             false],
  ['[1,"2"]',           '["1",2]',           false],
  ['["a","b"]',         '["a,b"]',           false],
  ['["1\\"a"]',         '["a"]',             false],
  ['{"a":{"b":1}}',     '{"a":{},"b":1}',    false],
  ['[]',                '{}',                false],
  ['[null]',            '["null"]',          false],
  ['[1.0]',             '[1]',               false],
  ['{"a":1,"a":2}',     '{"a":2}',           false],
  ['{"a":1,"a":2}',     '{"a":3,"a":2}',     false],
]

describe('sameness', () => {
  for (const [left, right, expected] of pairs)
    it(`takes ${left} and ${right} for ${expected ? 'the same' : 'others'}, at any depth`, () => {
      const sameness = createSameness()
      for (const at of [read, deep]) {
        const [a, b] = [at(left), at(right)]
        assert.equal(sameness.isSame(a, b), expected)
        assert.equal(sameness.nameOf(a) === sameness.nameOf(b), expected)
      }
    })
})

/** A list that tells whenever anybody looks into it. */
const watched = (items: readonly JsonValue[], look: () => void): JsonValue =>
  new Proxy(items, {
    get(target, key, receiver) {
      look()
      return Reflect.get(target, key, receiver)
    },
  })

type Nested = (below: JsonValue, look: () => void) => JsonValue

const inLists: Nested = (below, look) => watched(['a', below, 'b'], look)
const inObjects: Nested = (below, look): JsonObject =>
  jsonObject(new Map([['list', watched([jsonNumber('1'), below], look)]]))

const looksAt = (nested: Nested, depth: number): number => {
  let looks = 0
  const value = (leaf: string): JsonValue => {
    let made: JsonValue = leaf
    for (let level = 0; level < depth; level++) made = nested(made, () => looks++)
    return made
  }
  const [legacy, modern] = [value('x'), value('y')]
  compareJson(createWalk({ rules: [], noise: [], identities: null }), legacy, modern)
  return looks
}

describe('what it costs to compare nested values', () => {
  for (const [what, nested] of Object.entries({ inLists, inObjects }))
    it(`grows with their size, not with the square of their depth, ${what}`, () => {
      const [once, twice] = [looksAt(nested, 100), looksAt(nested, 200)]
      assert.ok(twice < once * 2.2, `${once} looks at 100 levels, ${twice} at 200`)
    })

  it('looks at a place once, however many differences are below it and rules speak of it', () => {
    let looks = 0
    const written = ['/**', '/**/a', '/**/*/b'].map((ignore) => ({ ignore, why: 'a test' }))
    const { rules } = parseRules([...written, { spelling: '/**/c', why: 'a test' }], 'test')
    const walk = createWalk({ rules: rules.slice(1), noise: [], identities: null })
    const step = {
      get name() {
        looks++
        return ''
      },
      index: 0,
      label: null,
      has: () => false,
    }
    for (let level = 0; level < 100; level++) walk.enter(step)
    for (let count = 0; count < 100; count++) {
      walk.enter('x')
      walk.report('value', 'a', 'b')
      walk.leave()
    }
    assert.ok(looks <= 1_000, `${looks} looks at 100 steps`)
    assert.equal(walk.found.differences[0]?.path, `${'/0'.repeat(100)}/x`)
  })
})

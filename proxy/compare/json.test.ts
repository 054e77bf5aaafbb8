import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'
import { type JsonObject, type JsonValue, parseJson } from './json.ts'
import { canonicalText, jsonText } from './json-text.ts'

const read = (text: string | Uint8Array, depth?: number): JsonValue => {
  const parsed = parseJson(text, depth)
  assert.ok('value' in parsed, JSON.stringify(parsed))
  return parsed.value
}
const fault = (text: string | Uint8Array, depth?: number) => {
  const parsed = parseJson(text, depth)
  assert.ok('fault' in parsed, `${String(text)} was read`)
  return parsed.fault
}

/** Texts that RFC 8259 allows, and what is written back. */
const allowed: [string, string?][] = [
  ['9007199254740993'],
  ['1e400'],
  ['-0'],
  ['1.10'],
  ['123456789012345678901234567890.123456789'],
  ['"\\ud800"'],
  ['"\\u0000"'],
  ['"a\\/b\\u00e9"', '"a/bé"'],
  ['"\u2028"', '"\u2028"'],
  ['{"":0}'],
  ['[[],{}]'],
  [' \t\r\n[1 , 2] ', '[1,2]'],
  ['{"b":1,"a":{"d":2,"c":3}}'],
  ['"\u007f"'],
]

/** Texts that it does not, and the byte at which they go wrong. */
const refused: [string, number][] = [
  ['', 0],
  ['[1,]', 3],
  ['{"a":1,}', 7],
  ["['a']", 1],
  ['{a:1}', 1],
  ['01', 1],
  ['1.', 1],
  ['+1', 0],
  ['.5', 0],
  ['1e', 1],
  ['NaN', 0],
  ['Infinity', 0],
  ['"\\x41"', 2],
  ['"\\u12g4"', 3],
  ['"tab\there"', 4],
  ['"open', 5],
  ['[1', 2],
  ['[1 2]', 3],
  ['{"a" 1}', 5],
  ['true false', 5],
  ['"é" x', 5],
  ['\u00a01', 0],
  ['[\uFEFF1]', 1],
  ['// no\n1', 0],
]

describe('parseJson', () => {
  for (const [text, written = text.trim()] of allowed) {
    it(`keeps ${JSON.stringify(text)} as it is written`, () => {
      assert.equal(jsonText(read(text)), written)
    })
  }

  for (const [text, offset] of refused) {
    it(`refuses ${JSON.stringify(text)} at byte ${offset}`, () => {
      assert.equal(fault(text).offset, offset)
      assert.equal(fault(text).reason, 'syntax')
    })
  }

  it('sees repeated names and lets the last value stand, as PHP, Ruby and JavaScript do', () => {
    const value = read('{"a":1,"b":2,"a":3}') as JsonObject
    assert.deepEqual(value.repeated, ['a'])
    assert.equal(jsonText(value), '{"a":3,"b":2}')
  })

  it('takes __proto__ for a name like any other', () => {
    const value = read('{"__proto__":{"polluted":true},"constructor":1}') as JsonObject
    assert.deepEqual([...value.members.keys()], ['__proto__', 'constructor'])
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
  })

  it('reads 512 levels and refuses the next one, without overflowing on 100 000', () => {
    assert.ok(read(`${'['.repeat(512)}${']'.repeat(512)}`))
    assert.deepEqual(fault('['.repeat(513)), {
      reason: 'depth',
      offset: 512,
      expected: 'at most 512 levels',
    })
    assert.equal(fault('[{"":'.repeat(50_000)).reason, 'depth')
    assert.equal(fault('[[1]]', 1).reason, 'depth')
  })

  it('leaves a byte order mark out and counts it in offsets', () => {
    assert.equal(jsonText(read(Buffer.from('\uFEFF[1]'))), '[1]')
    assert.equal(fault(Buffer.from('\uFEFF[1')).offset, 5)
    assert.equal(fault(Buffer.from('\uFEFF')).reason, 'syntax')
  })

  it('names the first byte that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('["é'), Buffer.from([0xff]), Buffer.from('"]')])
    assert.deepEqual(fault(bytes), { reason: 'charset', offset: 4, expected: 'UTF-8' })
  })

  it('gives one text to objects whose names come in another order', () => {
    assert.equal(canonicalText(read('{"b":[{"d":1,"c":2}],"a":0}')), '{"a":0,"b":[{"c":2,"d":1}]}')
    // RFC 8785 §3.2.3: by UTF-16 units, so that U+FB33 comes after the pair of U+1F600.
    const names = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']
    const text = (order: readonly string[]) =>
      JSON.stringify(Object.fromEntries(order.map((name) => [name, 0])))
    const mixed = read(text([...names].reverse()))
    assert.deepEqual([...(read(canonicalText(mixed)) as JsonObject).members.keys()], names)
  })
})

const suite = join(packageRoot(), '..', 'shared', 'vectors', 'JSONTestSuite', 'test_parsing')

describe('parseJson on JSONTestSuite', () => {
  it('takes every y_ case, refuses every n_ case, and overflows on no i_ case', function () {
    if (!existsSync(suite)) this.skip() // public vectors, not kept in the repository
    const wrong = readdirSync(suite).filter((name) => {
      const taken = 'value' in parseJson(readFileSync(join(suite, name)))
      return name.startsWith('y_') ? !taken : name.startsWith('n_') && taken
    })
    assert.deepEqual(wrong, [])
  })
})

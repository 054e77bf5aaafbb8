import assert from 'node:assert/strict'
import { formatTraceparent, parseTraceparent, traceContextOf } from './trace-context.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const parent = '00f067aa0ba902b7'

describe('trace context', () => {
  it('reads what it writes', () => {
    for (const sampled of [true, false]) {
      const context = { traceId: trace, parentId: parent, sampled }
      assert.deepEqual(parseTraceparent(formatTraceparent(context)), context)
    }
  })

  it('draws one valid context from a request id, another from another', () => {
    const context = traceContextOf('request-1')
    assert.deepEqual(parseTraceparent(formatTraceparent(context)), context)
    assert.notEqual(traceContextOf('request-2').traceId, context.traceId)
  })

  const readable = [
    ['white space round it', ` 00-${trace}-${parent}-01 `],
    ['a later version with more fields', `01-${trace}-${parent}-01-what-comes`],
    ['flags that nobody knows yet', `00-${trace}-${parent}-ff`],
  ] as const
  for (const [what, value] of readable) {
    it(`reads ${what}`, () => assert.equal(parseTraceparent(value)?.traceId, trace))
  }

  const malformed = [
    ['nothing', ''],
    ['upper case', `00-${trace.toUpperCase()}-${parent}-01`],
    ['version ff', `ff-${trace}-${parent}-01`],
    ['version 00 with more fields', `00-${trace}-${parent}-01-more`],
    ['a trace id of zeroes', `00-${'0'.repeat(32)}-${parent}-01`],
    ['a parent id of zeroes', `00-${trace}-${'0'.repeat(16)}-01`],
    ['a short trace id', `00-${trace.slice(1)}-${parent}-01`],
    ['two joined values', `00-${trace}-${parent}-01,00-${trace}-${parent}-01`],
  ] as const
  for (const [what, value] of malformed) {
    it(`refuses ${what}`, () => assert.equal(parseTraceparent(value), null))
  }
})

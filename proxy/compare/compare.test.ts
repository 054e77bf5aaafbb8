import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { failure } from '../targets/failure.ts'
import type { Failure, Observation } from '../targets/send.ts'
import { type Comparison, compare } from './compare.ts'
import { observed, type PlainAnswer } from './observed.ts'
import { parseRules } from './rules.ts'

const json = ['Content-Type', 'application/json']
const legacyAnswer = observed('legacy', { headers: json, body: '{"a":1}' })
const modernAnswer = observed('modern', { headers: json, body: '{"a":1}' })

const failed = (from: 'legacy' | 'modern', why: Failure): Observation => ({
  ...observed(from),
  from: 'banyan',
  status: 502,
  failure: why,
})
const broken = (observation: Observation): Observation => ({
  ...observation,
  body: { ...observation.body, complete: false },
})
const unkept = (observation: Observation): Observation => ({
  ...observation,
  body: { bytes: null, length: 1_000_000, complete: true },
})
const compared = (legacy: PlainAnswer, modern: PlainAnswer): Comparison =>
  compare(observed('legacy', legacy), observed('modern', modern))

const brief = ({ outcome, reason, differences }: Comparison): string =>
  [outcome, reason, ...differences.map(({ kind, path }) => `${kind} ${path}`)]
    .filter((part) => part !== null)
    .join(', ')

const late = failure('http_response_timeout', 'modern', 'unknown')
const reset = failure('connection_terminated', 'modern', 'unknown')
const left = failure('http_request_error', 'client', 'unknown')

/** Two observations, and what they come to. */
const failures: [string, Observation, Observation, string][] = [
  ['a shadow that is late', legacyAnswer, failed('modern', late), 'shadow_timeout'],
  ['a shadow that breaks', legacyAnswer, failed('modern', reset), 'shadow_error'],
  ['a shadow without a status', legacyAnswer, { ...modernAnswer, status: null }, 'shadow_error'],
  [
    'both failing: the shadow counts',
    failed('legacy', reset),
    failed('modern', reset),
    'shadow_error',
  ],
  ['a primary that fails', failed('legacy', reset), modernAnswer, 'inconclusive, primary_failed'],
  ['a client that left', failed('legacy', left), modernAnswer, 'inconclusive, client_gone'],
  ['a body that broke off', broken(legacyAnswer), modernAnswer, 'inconclusive, body_incomplete'],
  [
    'a body that was too long to keep',
    legacyAnswer,
    unkept(modernAnswer),
    'inconclusive, body_not_kept',
  ],
]

describe('compare', () => {
  for (const [title, primary, shadow, expected] of failures)
    it(`counts ${title}: ${expected}`, () => {
      assert.equal(brief(compare(primary, shadow)), expected)
    })

  it('takes status codes of one class less seriously than those of two', () => {
    assert.equal(compared({ status: 200 }, { status: 201 }).severity, 'major')
    assert.equal(compared({ status: 200 }, { status: 500 }).severity, 'breaking')
  })

  it('lets a rule overlook an expected status', () => {
    const { rules } = parseRules(
      [{ expect: 'status', legacy: 200, modern: 201, why: 'fixed' }],
      'r',
    )
    const outcome = (status: number) =>
      compare(observed('legacy'), observed('modern', { status }), rules).outcome
    assert.deepEqual([outcome(201), outcome(204)], ['equivalent', 'mismatch'])
  })

  it('compares equal bodies of a megabyte without reading them', () => {
    const body = Buffer.alloc(1_048_576, '[')
    assert.equal(
      compared({ headers: json, body: body }, { headers: json, body: Buffer.from(body) }).outcome,
      'identical',
    )
  })

  it('gives plain data that survives a thread and a store', () => {
    const comparison = compared({ headers: json, body: '[1]' }, { headers: json, body: '[2]' })
    assert.deepEqual(JSON.parse(JSON.stringify(comparison)), structuredClone(comparison))
  })

  it('calls noise what legacy shows against itself, and no more than that', () => {
    const noise = [
      {
        pattern: '/a',
        kind: 'value',
        shape: { name: 'integer', detail: null, values: null },
        spreadMs: 0,
      },
    ] as const
    const outcome = (body: string) =>
      compare(legacyAnswer, observed('modern', { headers: json, body }), [], { noise }).outcome
    assert.deepEqual(
      [outcome('{"a":2}'), outcome('{"a":"2"}'), outcome('{}')],
      ['noise', 'mismatch', 'mismatch'],
    )
  })
})

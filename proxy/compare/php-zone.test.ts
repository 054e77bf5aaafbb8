import assert from 'node:assert/strict'
import { isCoerced } from './coerce.ts'
import { type JsonValue, jsonNumber, jsonObject } from './json.ts'

const isPhpTime = (zone: string, type: number, text: string): boolean =>
  isCoerced(
    'phpDateTime',
    jsonObject(
      new Map<string, JsonValue>([
        ['date', '2026-07-02 03:04:05.000000'],
        ['timezone_type', jsonNumber(String(type))],
        ['timezone', zone],
      ]),
    ),
    text,
  )

/** As `json_encode(new DateTime('2026-07-02 03:04:05 EST'))` has them, and so on. */
// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, number, string, boolean])[] = [
  ['Z',      2, '2026-07-02T03:04:05Z', true],
  ['GMT',    2, '2026-07-02T03:04:05Z', true],
  ['EST',    2, '2026-07-02T08:04:05Z', true],
  ['EDT',    2, '2026-07-02T07:04:05Z', true],
  ['EST',    2, '2026-07-02T07:04:05Z', false],
  ['CEST',   2, '2026-07-02T01:04:05Z', true],
  ['CET',    2, '2026-07-02T02:04:05Z', true],
  ['IST',    2, '2026-07-02T01:04:05Z', true],
  ['XYZ',    2, '2026-07-02T03:04:05Z', false],
  ['CET',    3, '2026-07-02T02:04:05Z', false],
  ['+02:00', 1, '2026-07-02T01:04:05Z', true],
  ['Europe/Berlin', 3, '2026-07-02T01:04:05Z', true],
]

describe('a DateTime of PHP', () => {
  for (const [zone, type, text, expected] of cases)
    it(`in ${zone} (${type}) is ${expected ? '' : 'not '}${text}`, () => {
      assert.equal(isPhpTime(zone, type, text), expected)
    })
})

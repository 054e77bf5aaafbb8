import assert from 'node:assert/strict'
import { legacyMap } from './legacy-map.ts'

describe('legacyMap', () => {
  for (const [entries, expected] of [
    [[], '[]'],
    [[['a', '1']], '{"a":"1"}'],
    [[['0', '1']], '["1"]'],
    [
      [
        ['0', '1'],
        ['1', '2'],
      ],
      '["1","2"]',
    ],
    [
      [
        ['0', '1'],
        ['2', '2'],
      ],
      '{"0":"1","2":"2"}',
    ],
    [[['00', '1']], '{"00":"1"}'],
    [[['__proto__', '1']], '{"__proto__":"1"}'],
  ] as const) {
    it(`writes ${JSON.stringify(entries)} as ${expected}`, () => {
      assert.equal(JSON.stringify(legacyMap(entries)), expected)
    })
  }
})

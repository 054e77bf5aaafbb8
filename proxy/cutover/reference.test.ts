import assert from 'node:assert/strict'
import { names } from '../config/built-in.ts'
import { formatShare } from '../config/units.ts'
import { readPage, tableRows } from '../telemetry/reference-page.ts'
import { builtInGates } from './gates.ts'
import { gateReasons, verdicts } from './verdict.ts'

describe('docs/reference/gates.md', () => {
  const page = readPage('reference/gates.md')

  it('carries every verdict and every reason as the code has it, and no other', () => {
    assert.deepEqual(tableRows(page, ['verdict', 'when']), Object.entries(verdicts))
    assert.deepEqual(tableRows(page, ['reason', 'is']), Object.entries(gateReasons))
  })

  it('carries the built-in gates with their numbers', () => {
    const rows = Object.entries(builtInGates).map(([name, gate]) => [
      name,
      gate.signal,
      gate.limitBp === null ? '–' : formatShare(gate.limitBp),
      String(gate.tolerance ?? '–'),
      String(gate.minSamples),
    ])
    assert.deepEqual(tableRows(page, ['gate', 'signal']), rows)
    assert.deepEqual(Object.keys(builtInGates), names.gates)
  })
})

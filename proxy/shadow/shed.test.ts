import assert from 'node:assert/strict'
import { readPage, tableRows } from '../telemetry/reference-page.ts'
import { shedReasons } from './shed.ts'

const plain = (text: string): string => text.replaceAll('`', '')

describe('docs/reference/outcomes.md', () => {
  it('carries every reason for shedding as the code has it, and no other', () => {
    assert.deepEqual(
      tableRows(readPage('reference/outcomes.md'), ['shed', 'when']),
      Object.entries(shedReasons).map(([name, why]) => [name, plain(why)]),
    )
  })
})

import assert from 'node:assert/strict'
import { readPage, tableRows } from '../telemetry/reference-page.ts'
import { adminPaths } from './index-page.ts'

describe('docs/reference/admin.md', () => {
  const page = readPage('reference/admin.md')

  it('lists every path as the admin listener has it, in its order, and no other', () => {
    assert.deepEqual(
      tableRows(page, ['method', 'path', 'what it is']),
      adminPaths.map(([method, path, what]) => [method, path, what]),
    )
  })
})

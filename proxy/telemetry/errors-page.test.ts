import assert from 'node:assert/strict'
import { adminErrorCodes, adminErrorRow } from '../admin/admin-errors.ts'
import { errorCodes, errorRow } from '../errors.ts'
import { readPage, tableRows } from './reference-page.ts'

describe('docs/reference/errors.md', () => {
  const page = readPage('reference/errors.md')
  const rows = tableRows(page, ['code', 'status', 'Proxy-Status'])

  it('carries every error as the code has it, in its order, and no other', () => {
    const expected = errorCodes.map((code) => {
      const { status, proxyStatus, cause, title } = errorRow(code)
      return [code, String(status), proxyStatus, cause ?? '–', title]
    })
    assert.deepEqual(
      rows.map((row) => row.slice(0, 5)),
      expected,
    )
  })

  it('says of each what to do', () => {
    for (const row of rows) assert.ok((row[5] ?? '').length > 15, row[0])
  })

  it('carries every error of the admin listener, and no other', () => {
    const expected = adminErrorCodes.map((code) => {
      const { status, title, hint } = adminErrorRow(code)
      return [code, String(status), title, hint]
    })
    assert.deepEqual(tableRows(page, ['code', 'status', 'meaning', 'hint']), expected)
  })
})

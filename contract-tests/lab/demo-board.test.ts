import assert from 'node:assert/strict'
import { fitted } from './demo-board.ts'

describe('fitted', () => {
  it('cuts lines to the width of the terminal, and colours never', () => {
    const text = '\u001b[2mROUTE\u001b[0m  STAGE\nарт'
    assert.equal(fitted(text, { columns: 4, rows: 24 }), '\u001b[2mROUT\u001b[0m\nарт')
  })

  it('leaves the last row of the terminal for the cursor', () => {
    assert.equal(fitted('1\n2\n3', { columns: 80, rows: 3 }), '1\n2')
  })
})

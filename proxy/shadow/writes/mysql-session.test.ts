import { equal } from 'node:assert/strict'
import { carried } from './mysql-session.ts'
import { emptyOverlay, type Overlay, touch } from './overlay.ts'
import type { TableFacts } from './table-facts.ts'

const notes: TableFacts = {
  ...{ name: 'notes', columns: [], primary: [], uniques: [] },
  ...{ unfit: null, unseen: null, cascades: false },
}

const changed = (letters: number): Overlay =>
  touch(emptyOverlay, notes, ['1', 'a'.repeat(letters), null], ['1', 'b'.repeat(letters), null])

describe('what modern would have written, on its way through the edge', () => {
  it('is all of it, up to a mebibyte, and else nothing', () => {
    const little = changed(1_000)
    equal(carried(little), little)
    equal(carried(changed(600_000)), null)
  })
})

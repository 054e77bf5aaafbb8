import { deepEqual, equal } from 'node:assert/strict'
import { readPage, tableRows } from '../../telemetry/reference-page.ts'
import { leftOutReasons } from './left-out.ts'
import { createWriteNotes, mergeWrites } from './write-notes.ts'

const unfit = { reason: 'cage_unfit', detail: 'shadow.database names no twin' } as const

describe('notes of writes that cannot be told', () => {
  it('keep what has kept the last samples from telling anything, until one tells something', () => {
    const told: string[][] = []
    const notes = createWriteNotes((...line) => void told.push(line))
    equal(notes.read('a'), null)
    for (let at = 0; at < 3; at++) notes.untold('a', unfit)
    deepEqual(notes.read('a'), { problem: { ...unfit, samples: 3 }, leftOut: {} })
    equal(told[0]?.[1], 'cage_unfit')
    notes.untold('a', { reason: 'egress', detail: 'fetch' })
    equal(notes.read('a')?.problem?.samples, 1)
    notes.told('a')
    equal(notes.read('a'), null)
  })

  it('count what is left out, whatever else is told', () => {
    const notes = createWriteNotes(() => {})
    notes.leftOut('a', 'other_writes')
    notes.leftOut('a', 'other_writes')
    notes.told('a')
    notes.leftOut('a', 'too_large')
    deepEqual(notes.read('a')?.leftOut, { other_writes: 2, too_large: 1 })
    notes.keep(new Set(['b']))
    equal(notes.read('a'), null)
  })

  it('name what was tried outside of requests, each once, whatever else is told', () => {
    const lines: string[][] = []
    const notes = createWriteNotes(
      () => {},
      (...line) => void lines.push(line),
    )
    notes.outside('a', ['a process (mail)'])
    notes.outside('a', ['a process (mail)'])
    notes.told('a')
    deepEqual(notes.read('a')?.outside, ['a process (mail)'])
    deepEqual(lines, [['a', 'a process (mail)']])
    const other = { problem: null, leftOut: {}, outside: ['a thread'] }
    deepEqual(mergeWrites([notes.read('a'), other])?.outside, ['a process (mail)', 'a thread'])
  })

  it('of several processes are one', () => {
    const problem = { ...unfit, samples: 2 }
    deepEqual(
      mergeWrites([
        null,
        { problem: null, leftOut: { a: 1 } },
        { problem, leftOut: { a: 2, b: 1 } },
      ]),
      { problem, leftOut: { a: 3, b: 1 } },
    )
    equal(mergeWrites([null, null]), null)
  })

  it('have reasons that docs/reference/writes.md carries', () => {
    deepEqual(
      tableRows(readPage('reference/writes.md'), ['left out', 'when']),
      Object.entries(leftOutReasons),
    )
  })
})

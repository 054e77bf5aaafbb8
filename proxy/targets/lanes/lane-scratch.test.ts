import { deepEqual, equal } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createScratch, sweepScratch } from './lane-scratch.ts'

const goneSince = new Date(Date.now() - 2 * 86_400_000)

describe('room on disk for lanes', () => {
  it('is taken away where its process was killed, and nothing else is', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'banyan-sweep-'))
    const gone = spawnSync(process.execPath, ['-e', '0']).pid
    /** The name of a directory of this process, as one of that number would have made it. */
    const nameOf = (pid: number): string =>
      basename(createScratch().directory).replace(`-${process.pid}-`, `-${pid}-`)
    const make = (name: string, isOld: boolean): string => {
      mkdirSync(join(dir, name))
      writeFileSync(join(dir, name, 'copy'), 'rows')
      if (isOld) utimesSync(join(dir, name), goneSince, goneSince)
      return name
    }
    const kept = [
      make(nameOf(gone), false),
      make(nameOf(process.ppid), true),
      make(`banyan-lane-elsewhere-${gone}-${randomUUID()}`, true),
      make(`banyan-lanes-${gone}`, true),
    ]
    const link = nameOf(gone)
    symlinkSync(join(dir, kept[0] ?? ''), join(dir, link))
    make(nameOf(gone), true)
    make(nameOf(process.pid), true)
    equal(await sweepScratch(dir), 2)
    deepEqual(readdirSync(dir).toSorted(), [...kept, link].toSorted())
    deepEqual(readdirSync(join(dir, kept[0] ?? '')), ['copy'])
    rmSync(dir, { recursive: true })
  })

  it('needs no directory to be swept', async () => {
    equal(await sweepScratch('/nowhere/at/all'), 0)
  })
})

import { deepEqual, equal } from 'node:assert/strict'
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import type { WritesReport } from './report.ts'
import { withEgress } from './with-egress.ts'

const plain: WritesReport = { kind: 'read', problem: null, rows: null, differences: [] }

const setUp = () => {
  const tried: string[] = []
  const driver: LaneDriver = {
    database: {},
    prepare: async () => ({ stoodAt: 0, problem: null }),
    end: async () => plain,
  }
  const take = () => tried.splice(0).map((what) => ({ what, requests: [] }))
  return { guarded: withEgress(driver, { take }), tries: (what: string) => void tried.push(what) }
}

describe('what a lane tried to reach', () => {
  it('until its request came is no doing of that, however long it was held for it', async () => {
    const { guarded, tries } = setUp()
    tries('while it loaded')
    await guarded.prepare({ kind: 'read' })
    tries('while it was held')
    guarded.begin?.()
    deepEqual(await guarded.end(true), {
      ...plain,
      outside: ['while it loaded', 'while it was held'],
    })
  })

  it('within its request makes that untold', async () => {
    const { guarded, tries } = setUp()
    await guarded.prepare({ kind: 'read' })
    guarded.begin?.()
    tries('a process (mail)')
    const { problem, outside } = (await guarded.end(true)) as WritesReport
    deepEqual(problem, { reason: 'egress', detail: 'a process (mail)' })
    equal(outside, undefined)
  })

  it('is told where no request ever came', () => {
    const { guarded, tries } = setUp()
    equal(guarded.refusals?.(), null)
    tries('a thread')
    equal(guarded.refusals?.(), 'A shadow was refused a thread.')
  })
})

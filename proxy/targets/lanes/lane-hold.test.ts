import assert from 'node:assert/strict'
import type { InboundRequest, Outlook } from '../send.ts'
import type { Lane } from './lane.ts'
import { createHold } from './lane-hold.ts'
import { lost } from './lane-work.ts'

/** Held until it comes to what it is told, which it does not here. */
const createSlowLane = () => {
  const told: string[] = []
  const lane: Partial<Lane> = {
    state: () => 'held',
    served: () => 0,
    hold: async () => null,
    release: () => void told.push('release'),
    begin: () => void told.push('begin'),
  }
  return { told, lane: lane as Lane }
}

describe('a lane that is kept for one request', () => {
  it('is given back once, and serves no request after that', async () => {
    const { told, lane } = createSlowLane()
    const hold = createHold(lane, null)
    const reports: unknown[] = []
    hold.release()
    hold.release()
    const send = hold.within(1_000, (report) => void reports.push(report))
    await assert.rejects(send({} as InboundRequest, {} as Outlook), lost)
    assert.deepEqual([told, reports], [['release'], [null]])
  })
})

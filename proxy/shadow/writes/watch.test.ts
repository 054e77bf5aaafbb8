import assert from 'node:assert/strict'
import type { LaneHold } from '../../targets/lanes/lane-hold.ts'
import { holdSnapshot } from './watch.ts'

/** A lane's place that tells when it is let go, and that knows of no request afterwards. */
const createPlace = () => {
  let tellReleased: () => void = () => {}
  const released = new Promise<void>((resolve) => {
    tellReleased = resolve
  })
  const hold: LaneHold = {
    prepared: Promise.resolve({ stoodAt: 1, problem: null }),
    within: (_, onReport) => async () => {
      onReport(null)
      throw new Error('the lane is not held')
    },
    release: () => tellReleased(),
  }
  return { released, lanes: { hold: () => hold } }
}

const someRequest = {} as never

describe('a snapshot that was taken ahead', () => {
  it('is let go after its time, and that is no fault of the handler', async () => {
    const { released, lanes } = createPlace()
    const standing = holdSnapshot(lanes, 1)
    // The timer of the snapshot alone keeps no process.
    const keep = setTimeout(() => {}, 5_000)
    await released
    clearTimeout(keep)
    await assert.rejects(async () => standing?.within(100)(someRequest, someRequest))
    assert.equal((await standing?.report())?.problem?.reason, 'snapshot_lost')
  })

  it('tells nothing where its lane has ended: that is the handler’s fault', async () => {
    const { lanes } = createPlace()
    const standing = holdSnapshot(lanes)
    await assert.rejects(async () => standing?.within(100)(someRequest, someRequest))
    assert.equal(await standing?.report(), null)
  })

  it('is not asked for where no lane is free', () => {
    assert.equal(holdSnapshot({ hold: () => null }), null)
  })
})

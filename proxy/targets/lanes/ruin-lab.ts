/** One lane that its request ruins, among others that go on. */
import assert from 'node:assert/strict'
import { refused } from '../conformance/behaviour.ts'
import type { Failure } from '../send.ts'
import type { LaneCause } from './lane.ts'
import type { LanesLab } from './lanes-lab.ts'

/** What becomes of a lane by one path, and of the request. */
export interface Ruin {
  readonly path: string
  readonly code: Failure['code']
  readonly cause: LaneCause
}

/** Ruins one lane, and sees that it alone ends so, that others answer meanwhile, and that it comes again. */
export const ruinOne = async (lab: LanesLab, { path, code, cause }: Ruin): Promise<void> => {
  await lab.lanes.warm()
  const ended = lab.hears('lane_ended')
  const ruin = refused(lab.ask(path))
  for (let n = 0; n < 20; n++) assert.equal(await lab.read('/fine'), 'fine')
  const why = await ruin
  assert.deepEqual([why.code, why.party, why.effect], [code, 'modern', 'unknown'])
  await ended
  assert.equal(await lab.read('/fine'), 'fine')
  assert.deepEqual(lab.causes, [cause])
  while (lab.lanes.status().running < 3) await lab.hears('lane_started')
  assert.equal(lab.lanes.status().restarts, 1)
}

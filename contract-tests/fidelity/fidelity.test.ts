import assert from 'node:assert/strict'
import { answers } from './answers.ts'
import { connections } from './connections.ts'
import { failures } from './failures.ts'
import { firewall } from './firewall.ts'
import { requests } from './requests.ts'
import { openWorld, type Row } from './row.ts'
import { askOnce, statusOf } from './talk.ts'
import { targets } from './targets.ts'
import { trust } from './trust.ts'
import { upgrades } from './upgrades.ts'
import { uploads } from './uploads.ts'

const groups: Readonly<Record<string, readonly Row[]>> = {
  requests,
  uploads,
  targets,
  firewall,
  trust,
  answers,
  failures,
  connections,
  upgrades,
}

/** A row holds only where Banyan is alive and well after it, and holds no place of the upstream. */
const check = async (row: Row): Promise<void> => {
  const world = await openWorld(row)
  try {
    await row.holds(world)
    assert.equal(statusOf(await world.tell(askOnce('GET /', ['Host: a', 'Host: b']))), 400)
  } finally {
    await world.close()
  }
}

describe('Banyan, as a client and an origin see it', () => {
  for (const [group, rows] of Object.entries(groups)) {
    describe(group, () => {
      for (const row of rows) it(`${row.id}: ${row.says}`, () => check(row))
    })
  }
})

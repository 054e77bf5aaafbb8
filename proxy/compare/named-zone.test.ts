import assert from 'node:assert/strict'
import { zoneMinutesAt } from './named-zone.ts'

/** A zone, what its clocks show, minutes east of Greenwich. */
const cases: readonly (readonly [string, string, number | null])[] = [
  ['UTC', '2026-01-02T03:04:05', 0],
  ['Z', '2026-01-02T03:04:05', 0],
  ['+05:30', '2026-01-02T03:04:05', 330],
  ['-0800', '2026-01-02T03:04:05', -480],
  ['Europe/Berlin', '2026-01-02T03:04:05', 60],
  ['Europe/Berlin', '2026-07-02T03:04:05', 120],
  ['Europe/Berlin', '2026-03-29T01:59:59', 60],
  ['Europe/Berlin', '2026-03-29T03:00:00', 120],
  ['Europe/Berlin', '2026-10-25T03:00:00', 60],
  ['Asia/Kolkata', '2026-01-02T03:04:05', 330],
  ['America/Los_Angeles', '2026-03-08T01:59:59', -480],
  ['America/Los_Angeles', '2026-03-08T03:00:00', -420],
  ['Europe/London', '2026-01-02T03:04:05', 0],
  ['CET', '2026-01-02T03:04:05', null],
  ['Europe/Atlantis', '2026-01-02T03:04:05', null],
  ['', '2026-01-02T03:04:05', null],
  ['+99:00', '2026-01-02T03:04:05', null],
]

describe('zoneMinutesAt', () => {
  for (const [zone, local, minutes] of cases)
    it(`says ${minutes ?? 'nothing'} of ${zone || 'no zone'} when its clocks show ${local}`, () => {
      assert.equal(zoneMinutesAt(zone, Date.parse(`${local}Z`)), minutes)
    })
})

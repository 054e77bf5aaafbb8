import { deepEqual, equal, ok } from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copySqliteFile } from '../../store/sqlite-module.ts'
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import type { Egress } from './egress.ts'
import type { Prepared, WritesReport } from './report.ts'
import { createSqliteDriver } from './sqlite-driver.ts'

const noEgress: Egress = { allow: (work) => work(), take: () => [] }
const terms = { kind: 'capture' } as const

describe('the driver of a SQLite file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-copying-'))
  const file = join(dir, 'original.db')
  const make = (limitBytes: number, of = file): LaneDriver =>
    createSqliteDriver({ file: of, limitBytes, egress: noEgress })
  const copyOf = ({ database }: LaneDriver): string => (database.url ?? '').replace('sqlite:', '')

  before(() => {
    // An empty database, by which the copy can be told from no copy at all.
    writeFileSync(join(dir, 'empty.db'), '')
    copySqliteFile(join(dir, 'empty.db'), file)
  })
  after(() => rmSync(dir, { recursive: true, force: true }))

  it('gives each request a copy, which is gone after it', async () => {
    const driver = make(1_000_000)
    for (let round = 0; round < 2; round += 1) {
      const { problem, stoodAt } = (await driver.prepare(terms)) as Prepared
      equal(problem, null)
      ok(stoodAt > 0)
      ok(existsSync(copyOf(driver)))
      writeFileSync(copyOf(driver), 'whatever the handler does')
      const { problem: after } = (await driver.end()) as WritesReport
      equal(after, null)
      ok(!existsSync(copyOf(driver)))
    }
    ok(existsSync(file))
  })

  it('copies nothing beyond its limit, and says so', async () => {
    const driver = make(10)
    const { problem } = (await driver.prepare(terms)) as Prepared
    deepEqual(problem, {
      reason: 'snapshot_lost',
      detail: 'the file is larger than shadow.copyLimit',
    })
    ok(!existsSync(copyOf(driver)))
  })

  it('says why a file cannot be copied', async () => {
    const { problem } = (await make(1_000_000, join(dir, 'absent.db')).prepare(terms)) as Prepared
    equal(problem?.reason, 'snapshot_lost')
  })
})

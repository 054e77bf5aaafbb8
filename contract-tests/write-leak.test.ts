/** No statement of a shadowed handler leaves a trace in the database. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import type { WritesReport } from '../proxy/shadow/writes/report.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'
import { draw, drawStatements, leakInThread, leakingStatements, stands } from './leaking.ts'
import { type LeakLab, startLeakLab } from './write-leak-lab.ts'

const module = fileURLToPath(new URL('../routes/app.js', import.meta.url))

describeWith({ mariadb: await probeMariadb() }, 'what a shadowed handler may try', () => {
  let lab: LeakLab
  before(async function () {
    this.timeout(90_000)
    lab = await startLeakLab()
  })
  after(async function () {
    this.timeout(60_000)
    await lab?.close()
  })

  for (const kind of ['read', 'capture'] as const) {
    it(`tells nothing of an answer to ${kind} that was refused within a function`, async () => {
      const task = { databaseUrl: lab.url, kind, isRecorded: false, module, connections: 1 }
      const report = await leakInThread({ ...task, statements: ['SELECT writing()'] }, null)
      const { reason, detail } = (report as WritesReport).problem ?? {}
      deepEqual([reason, detail], ['statement', 'what it calls would write'])
    }).timeout(60_000)
  }

  for (const stand of stands) {
    const where = `${stand.kind}${stand.isRecorded ? ' that is looked at' : ''}`
    it(`leaves nothing when every kind of statement is tried in ${where}`, async () => {
      ok(leakingStatements.length >= 31)
      const before = await lab.look()
      const statements = leakingStatements.map((each, n) =>
        each.replaceAll('#', String(800_000 + n)),
      )
      const task = { databaseUrl: lab.url, ...stand, module, connections: 1 }
      const report = await leakInThread({ ...task, statements }, null)
      equal((report as WritesReport).problem?.reason, 'statement')
      equal(await lab.look(), before)
    }).timeout(60_000)

    it(`leaves nothing when its thread is ended at any moment in ${where}`, async () => {
      const before = await lab.look()
      for (let round = 0; round < 3; round += 1) {
        const statements = drawStatements(draw, 24)
        const task = {
          databaseUrl: lab.url,
          ...stand,
          module,
          statements,
          connections: 1 + draw(3),
        }
        await leakInThread(task, draw(150))
        equal(await lab.look(), before, JSON.stringify(statements))
      }
    }).timeout(60_000)
  }
})

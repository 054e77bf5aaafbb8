/** Many random orders of statements, each cut short by the death of the process at a random moment. */
import { equal } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pass } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'
import { draw, drawStatements, type LeakTask, leakInThread, stands } from './leaking.ts'
import { type LeakLab, startLeakLab } from './write-leak-lab.ts'

const module = fileURLToPath(new URL('../routes/app.js', import.meta.url))
const script = fileURLToPath(new URL('./leak-process.js', import.meta.url))
const rounds = Number(process.env.BANYAN_LEAK_ROUNDS ?? 40)

/** Kills it as `kill -9` does, at some moment between its start and its end. */
const leakAndDie = async (task: LeakTask): Promise<void> => {
  const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: 'ignore' })
  const over = once(child, 'exit')
  await Promise.race([pass(400 + draw(900)), over])
  child.kill('SIGKILL')
  await over
}

describeWith({ mariadb: await probeMariadb() }, 'what many shadowed handlers may try', () => {
  let lab: LeakLab
  const drawEnd = (): number | null => (draw(3) === 0 ? null : draw(200))
  const drawTask = (stand: Pick<LeakTask, 'kind' | 'isRecorded'>): LeakTask => {
    const statements = drawStatements(draw, 10 + draw(50))
    return { databaseUrl: lab.url, ...stand, module, statements, connections: 1 + draw(4) }
  }
  before(async () => {
    lab = await startLeakLab()
  })
  after(() => lab?.close())

  for (const stand of stands) {
    const where = `${stand.kind}${stand.isRecorded ? ' that is looked at' : ''}`
    it(`leaves nothing behind in ${where}, whatever dies when`, async () => {
      const before = await lab.look()
      for (let round = 0; round < rounds; round += 1) {
        const task = drawTask(stand)
        await (round % 2 === 0 ? leakAndDie(task) : leakInThread(task, drawEnd()))
        equal(await lab.look(), before, JSON.stringify(task.statements))
      }
    }).timeout(600_000)
  }
})

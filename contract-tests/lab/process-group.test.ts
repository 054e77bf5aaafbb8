import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groupGone, guarded, reapGroup, rememberGroup, signalGroup } from './process-group.ts'

/** Says its process id, then sleeps. */
const sleeper = ['sh', '-c', 'echo $$; exec sleep 600'] as const

const startGuarded = async (): Promise<{ guard: ChildProcess; leader: number; inner: number }> => {
  const [file = '', ...args] = guarded(sleeper)
  const guard = spawn(file, args, { detached: true, stdio: 'pipe' })
  const [line] = (await once(guard.stdout!, 'data')) as [Buffer]
  return { guard, leader: guard.pid ?? 0, inner: Number(line) }
}

describe('process groups', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'banyan-group-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true })
  })

  it('ends the command when the stdin of its guard closes, as it does when the parent dies', async () => {
    const { guard, leader } = await startGuarded()
    guard.stdin?.end()
    await once(guard, 'exit')
    assert.equal(await groupGone(leader, 5000), true)
  })

  it('ends the rest of the group when the command ends', async () => {
    const { guard, leader, inner } = await startGuarded()
    process.kill(inner, 'SIGKILL')
    await once(guard, 'exit')
    assert.equal(await groupGone(leader, 5000), true)
  })

  it('ends on SIGTERM', async () => {
    const { guard, leader } = await startGuarded()
    signalGroup(leader, 'SIGTERM')
    await once(guard, 'exit')
    assert.equal(await groupGone(leader, 5000), true)
  })

  it('kills the group that a pid file names, and removes the file', async () => {
    const { guard, leader } = await startGuarded()
    const file = join(dir, 'deep', 'php.pid')
    rememberGroup(file, leader)
    const gone = once(guard, 'exit')
    await reapGroup(file)
    await gone
    assert.equal(existsSync(file), false)
  })

  it('spares a process that got the number of a dead one', async () => {
    const { guard, leader } = await startGuarded()
    const file = join(dir, 'php.pid')
    rememberGroup(file, leader)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/ .*/, ' 1'))
    await reapGroup(file)
    assert.equal(signalGroup(leader, 0), true)
    const gone = once(guard, 'exit')
    signalGroup(leader, 'SIGKILL')
    await gone
  })

  for (const [what, text] of [
    ['holds nothing', ''],
    ['holds no number', 'x y\n'],
    ['names every process', '-1 0\n'],
    ['names the first process', '1 0\n'],
    ['names one that never was', '99999999 123\n'],
  ] as const) {
    it(`removes a pid file that ${what}`, async () => {
      const file = join(dir, 'php.pid')
      writeFileSync(file, text)
      await reapGroup(file)
      assert.equal(existsSync(file), false)
    })
  }
})

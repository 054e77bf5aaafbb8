import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const module = new URL('./stuck-threads.js', import.meta.url).href

/** Its thread waits in the kernel for input that does not come, and says so by a signal before. */
const program = (code: number): string => `
  import { once } from 'node:events'
  import { Worker } from 'node:worker_threads'
  import { endThread, leaveStuckThreads } from ${JSON.stringify(module)}
  leaveStuckThreads()
  process.on('SIGTERM', () => {})
  const stuck = "import { spawnSync } from 'node:child_process'; spawnSync(" +
    "'sh', ['-c', 'kill -USR2 $PPID; read line'], { stdio: 'inherit' })"
  const worker = new Worker(stuck, { eval: true })
  await once(process, 'SIGUSR2')
  await endThread(worker, 100)
  process.exit(${code})
`

const endOf = async (code: number): Promise<readonly unknown[]> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(code)])
  try {
    return await once(child, 'exit')
  } finally {
    child.stdin.destroy()
    child.kill('SIGKILL')
  }
}

describe('a process with a thread that does not end', function (this: Mocha.Suite) {
  this.timeout(30_000)

  it('ends by the signal that asked for it after a drain, and by another one after a fault', async () => {
    assert.deepEqual(await endOf(0), [null, 'SIGTERM'])
    assert.deepEqual(await endOf(1), [null, 'SIGKILL'])
  })
})

/** The small process begins here: starts what it is asked to start, and ends with whoever asks. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { constants, setPriority } from 'node:os'
import { performance } from 'node:perf_hooks'
import { createLines } from './lane-output.ts'
import { readOut } from './read-out.ts'
import type { FromSpawner, SpawnEnd, Spawned, ToSpawner } from './spawner.ts'

/** What V8 prints before it gives up. */
const outOfMemory = /^(?:FATAL ERROR|#).*out of memory/

const say = (message: FromSpawner, link?: Socket): void => {
  process.send?.(message, link, {}, () => link?.destroy())
}

/** Nobody waits for a shadow: where processors are few, it has what the others leave. */
const yieldToOthers = (pid: number): void => {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already.
  }
}

const open = ({ args, env }: Spawned): ChildProcess =>
  spawn(process.execPath, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })

/** @throws Error where it does not run */
const run = async (id: number, asked: Spawned, child: ChildProcess): Promise<SpawnEnd> => {
  child.on('error', () => {})
  const exited = once(child, 'exit')
  exited.catch(() => {})
  await once(child, 'spawn')
  const [, stdout, stderr, link] = child.stdio as unknown as [null, Socket, Socket, Socket]
  let isOutOfMemory = false
  const read = (stream: 'stdout' | 'stderr', source: Socket): void => {
    const lines = createLines(
      (line) => {
        isOutOfMemory ||= line !== null && outOfMemory.test(line)
        say({ is: 'printed', id, stream, line })
      },
      () => performance.now(),
    )
    source.on('data', lines)
  }
  read('stdout', stdout)
  read('stderr', stderr)
  if (asked.role === 'shadow' && child.pid !== undefined) yieldToOthers(child.pid)
  say({ is: 'linked', id }, link)
  const [, signal] = (await exited) as [number | null, NodeJS.Signals | null]
  await readOut([stdout, stderr])
  return { signal, isOutOfMemory, problem: null }
}

const children = new Map<number, ChildProcess>()

const start = async (id: number, asked: Spawned): Promise<SpawnEnd> => {
  try {
    const child = open(asked)
    children.set(id, child)
    return await run(id, asked, child)
  } catch (error) {
    return { signal: null, isOutOfMemory: false, problem: String(error) }
  } finally {
    children.delete(id)
  }
}

/** Whoever ends the edge ends this, by the channel; a signal to both is meant for the edge. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

process.on('message', (given) => {
  const message = given as ToSpawner
  const { id } = message
  if (message.is === 'kill') children.get(id)?.kill('SIGKILL')
  else void start(id, message.asked).then((end) => say({ is: 'ended', id, end }))
})

// Its children see that for themselves, and clear up first.
process.on('disconnect', () => process.exit(0))

/** A lane in a process of its own, and the socket by which the two processes speak. */
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createFrameReader, createFrameWriter, type FrameWriter } from './lane-frames.ts'
import type { HostListener, HostOptions, StartHost } from './lane-host.ts'
import { type CarriedError, type FromChild, type LaneChild, reviveError } from './lane-messages.ts'
import { readOut } from './read-out.ts'
import type { SpawnEnd } from './spawner.ts'

const mebi = 1_048_576

/** Resident memory of a lane besides what its heap and its buffers may take: Node, and the code. */
const codeBytes = 128 * mebi

/** Of the arguments of Node, those that are of one process alone; the second kind has a value. */
const ownArguments =
  /^--(?:inspect|watch|test|title|input-type|max-old-space-size|max-semi-space-size)/
const ownPairs = /^(?:-e|-p|-pe|--eval|--print|--input-type|--title|--inspect-port|--watch-path)$/

const withoutOwn = (given: readonly string[]): string[] =>
  given.filter(
    (each, at) =>
      !ownArguments.test(each) && !ownPairs.test(each) && !ownPairs.test(given[at - 1] ?? ''),
  )

/** The arguments of Node for a lane; those that find and load code are as in this process. */
export const laneArguments = (
  { task, memoryBytes }: Pick<HostOptions, 'task' | 'memoryBytes'>,
  given: readonly string[],
): readonly string[] => [
  ...withoutOwn(given),
  `--title=banyan-lane-${task.role}`,
  `--max-old-space-size=${Math.max(16, Math.floor(memoryBytes / mebi))}`,
  '--max-semi-space-size=8',
  // It serves one request at a time: whatever it does, it takes one core, and leaves others alone.
  '--single-threaded-gc',
]

interface End extends Omit<SpawnEnd, 'problem'> {
  /** The last thing that it threw, if it is what it ended by. */
  readonly threw: CarriedError | null
}

type Cause = Parameters<HostListener['died']>[0]

/** A lane that grows beyond its limit kills itself, as the kernel kills who takes the last of it. */
const causeOf = ({ signal, threw, isOutOfMemory }: End): Cause => {
  if (isOutOfMemory || signal === 'SIGKILL') return 'memory'
  if (signal !== null) return 'crash'
  return threw === null ? 'exit' : 'error'
}

const errorOf = ({ signal, threw }: End): Error =>
  threw === null ? new Error(`its process was ended by ${signal}`) : reviveError(threw)

const file = fileURLToPath(new URL('./lane-child.js', import.meta.url))

/** The way to the lane; what is written before it is there waits. */
const createLink = () => {
  const waiting: unknown[] = []
  let link: Socket | null = null
  let writer: FrameWriter | null = null
  return {
    write(message: unknown): void {
      if (writer === null) waiting.push(message)
      else writer.post(message)
    },
    open(opened: Socket, told: LaneChild): void {
      link = opened
      writer = createFrameWriter(opened)
      for (const message of [told, ...waiting.splice(0)]) writer.post(message)
    },
    /** Resolves once all that it said before its end has been read, or could have been. */
    async close(): Promise<void> {
      if (link !== null) await readOut([link])
    },
  }
}

export const startProcess: StartHost = (options, to) => {
  const { log, task, memoryBytes, spawner } = options
  const link = createLink()
  let threw: CarriedError | null = null
  let isUnwanted = false
  const terminate = (): void => {
    isUnwanted = true
    spawn.kill()
  }
  const reader = createFrameReader((given) => {
    const message = given as FromChild
    if (message.is === 'threw') threw = message.error
    else to.hear(message)
  })
  const fail = (cause: Cause, err: unknown): void => {
    if (!isUnwanted) log.error('lane_failed', { role: task.role, cause, err })
    to.died(cause, threw === null ? null : threw.message)
  }
  const listen = (socket: Socket): void => {
    socket.unref()
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      try {
        reader.read(chunk)
      } catch (error) {
        fail('error', error)
        terminate()
      }
    })
  }
  const finish = async ({ problem, ...ended }: SpawnEnd): Promise<void> => {
    await link.close()
    const end = { ...ended, threw }
    const cause = causeOf(end)
    if (problem !== null) {
      if (!isUnwanted) log.error('lane_failed', { role: task.role, err: new Error(problem) })
      to.lost(problem)
      return
    }
    if (cause === 'exit') to.died(cause, null)
    else fail(cause, errorOf(end))
  }
  const spawn = spawner.spawn(
    {
      args: [...laneArguments(options, process.execArgv), file],
      env: process.env,
      role: task.role,
    },
    {
      linked(socket, parent) {
        const told: LaneChild = { task, parent, mostBytes: 2 * memoryBytes + codeBytes }
        listen(socket)
        link.open(socket, told)
      },
      // Its code prints by the link; this is what native code prints, and Node itself.
      printed: (stream, line) => to.hear({ is: 'printed', stream, line }),
    },
  )
  return { gone: spawn.ended.then(finish), terminate, post: link.write }
}

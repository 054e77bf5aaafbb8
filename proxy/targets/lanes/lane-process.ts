/** A lane in a process of its own, and the socket by which the two processes speak. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { constants, setPriority } from 'node:os'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createFrameReader, frameOf } from './lane-frames.ts'
import type { HostListener, HostOptions, StartHost } from './lane-host.ts'
import { type CarriedError, type FromChild, type LaneChild, reviveError } from './lane-messages.ts'
import { createLines } from './lane-output.ts'

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
]

interface Parts {
  readonly child: ChildProcess
  readonly outputs: readonly (readonly ['stdout' | 'stderr', Readable])[]
  readonly link: Socket
}

/** Nobody waits for a shadow: where processors are few, it has what the others leave. */
const yieldToOthers = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already.
  }
}

/** @throws Error where the machine has no more handles */
const open = (options: HostOptions): Parts => {
  const file = fileURLToPath(new URL('./lane-child.js', import.meta.url))
  const child = spawn(process.execPath, [...laneArguments(options, process.execArgv), file], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  // Told by the second listener, or by what is thrown here.
  child.on('error', () => {})
  const pipes = child.stdio as readonly unknown[] | undefined
  if (pipes === undefined) throw new Error('no handles are left')
  const [, stdout, stderr, link] = pipes as [null, Socket, Socket, Socket]
  for (const each of [child, stdout, stderr, link]) each.unref()
  if (options.task.role === 'shadow') yieldToOthers(child)
  return {
    child,
    link,
    outputs: [
      ['stdout', stdout],
      ['stderr', stderr],
    ],
  }
}

interface End {
  readonly signal: NodeJS.Signals | null
  /** The last thing that it threw, if it is what it ended by. */
  readonly threw: CarriedError | null
  readonly isOutOfMemory: boolean
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

/** How long what it said may take to arrive once it has ended: who inherited its pipes keeps them. */
const lastWordsMs = 500

/** Resolves once the process has ended and all that it said has been read. */
const endOf = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => {
    child.once('error', () => resolve(null))
    child.once('exit', (_, signal) => {
      const settle = (): void => {
        clearTimeout(timer)
        for (const each of child.stdio) each?.destroy()
        resolve(signal)
      }
      const timer = setTimeout(settle, lastWordsMs)
      child.once('close', settle)
    })
  })

/** What V8 prints before it gives up. */
const outOfMemory = /^(?:FATAL ERROR|#).*out of memory/

export const startProcess: StartHost = (options, to) => {
  const { log, task, memoryBytes, now } = options
  const { child, outputs, link } = open(options)
  let threw: CarriedError | null = null
  let isOutOfMemory = false
  let isUnwanted = false
  const terminate = (): void => {
    isUnwanted = true
    child.kill('SIGKILL')
  }
  const reader = createFrameReader((given) => {
    const message = given as FromChild
    if (message.is === 'threw') threw = message.error
    else to.hear(message)
  })
  for (const [stream, source] of outputs) {
    // Its code prints by the link; this is what native code prints, and Node itself.
    const lines = createLines((line) => {
      isOutOfMemory ||= line !== null && outOfMemory.test(line)
      to.hear({ is: 'printed', stream, line })
    }, now)
    source.on('data', lines)
  }
  const fail = (cause: Cause, err: unknown): void => {
    if (!isUnwanted) log.error('lane_failed', { role: task.role, cause, err })
    to.died(cause)
  }
  link.on('error', () => {})
  link.on('data', (chunk) => {
    try {
      reader.read(chunk)
    } catch (error) {
      fail('error', error)
      terminate()
    }
  })
  link.write(
    frameOf({
      task,
      parent: process.pid,
      mostBytes: 2 * memoryBytes + codeBytes,
    } satisfies LaneChild),
  )
  const gone = endOf(child).then((signal) => {
    const end = { signal, threw, isOutOfMemory }
    const cause = causeOf(end)
    if (cause === 'exit') to.died(cause)
    else fail(cause, errorOf(end))
  })
  return {
    gone,
    terminate,
    post: (message) => {
      if (link.writable) link.write(frameOf(message))
    },
  }
}

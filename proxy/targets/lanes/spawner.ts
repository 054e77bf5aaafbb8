/**
 * Starts processes from a small one. A process stands still for as long as it takes to copy the tables
 * of all its memory (fork(2)), so the edge forks once, while it is young.
 */
import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { LaneTask } from './lane-messages.ts'

/** A process to start. */
export interface Spawned {
  /** Arguments of Node, the file to run among them. */
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly role: LaneTask['role']
}

export interface SpawnEnd {
  /** What ended it; null: it ended by itself. */
  readonly signal: NodeJS.Signals | null
  /** Whether the engine said that its heap was full. */
  readonly isOutOfMemory: boolean
  /** Why it never ran, or why nobody knows what became of it; null: neither. */
  readonly problem: string | null
}

export interface SpawnListener {
  /**
   * It runs.
   *
   * @param link the other end of its file descriptor 3
   * @param parent the id of its parent process
   */
  linked(link: Socket, parent: number): void
  /** Its output; null once: the other lines of this minute are dropped. */
  printed(stream: 'stdout' | 'stderr', line: string | null): void
}

/** A process that was started, or is about to be. */
export interface Spawn {
  kill(): void
  /** Never rejects. Nothing is heard of it after that. */
  readonly ended: Promise<SpawnEnd>
}

export interface Spawner {
  /** Nothing of it keeps this process. */
  spawn(asked: Spawned, to: SpawnListener): Spawn
  /** What it started and is still there ends by itself, as it does where all this is killed. */
  close(): void
}

export interface SpawnerOptions {
  /** How long one that is to end may take for it before all of them are given up; default 5 s. */
  readonly patienceMs?: number
}

/** `id` numbers what was started. */
export type ToSpawner =
  | { readonly is: 'spawn'; readonly id: number; readonly asked: Spawned }
  | { readonly is: 'kill'; readonly id: number }

export type FromSpawner =
  /** Comes with the socket. */
  | { readonly is: 'linked'; readonly id: number }
  | {
      readonly is: 'printed'
      readonly id: number
      readonly stream: 'stdout' | 'stderr'
      readonly line: string | null
    }
  | { readonly is: 'ended'; readonly id: number; readonly end: SpawnEnd }

/** It holds no more than a few numbers. */
const nodeArguments = [
  '--title=banyan-spawner',
  '--max-old-space-size=32',
  '--max-semi-space-size=1',
]

const unknown = (problem: string): SpawnEnd => ({ signal: null, isOutOfMemory: false, problem })

/** What is for all that Node runs, an agent that watches the edge among it, is not for this one. */
const ownEnv = (): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _, ...env } = process.env
  return env
}

/** The small process, as long as it lasts. */
interface Running {
  readonly child: ChildProcess
  readonly listeners: Map<number, Listener>
}

interface Listener extends SpawnListener {
  ended(end: SpawnEnd): void
}

const end = (listeners: Map<number, Listener>, id: number, how: SpawnEnd): void => {
  const to = listeners.get(id)
  listeners.delete(id)
  to?.ended(how)
}

const tell = (
  { child, listeners }: Running,
  message: FromSpawner,
  handle: Socket | undefined,
): void => {
  const { id } = message
  const to = listeners.get(id)
  if (to === undefined) handle?.destroy()
  else if (message.is === 'printed') to.printed(message.stream, message.line)
  else if (message.is === 'ended') end(listeners, id, message.end)
  else if (handle !== undefined && child.pid !== undefined) to.linked(handle, child.pid)
  // Without its socket it ends by itself.
  else end(listeners, id, unknown('its socket could not be taken over: no handles are left'))
}

/** @param lost hears that it is of no more use */
const start = (lost: (running: Running) => void): Running => {
  const file = fileURLToPath(new URL('./spawner-child.js', import.meta.url))
  const child = fork(file, [], {
    execArgv: nodeArguments,
    env: ownEnv(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const running: Running = { child, listeners: new Map() }
  const endAll = (problem: string): void => {
    lost(running)
    for (const id of [...running.listeners.keys()]) end(running.listeners, id, unknown(problem))
  }
  child.on('error', (error) => endAll(`the process that starts lanes: ${error.message}`))
  child.on('exit', () => endAll('the process that starts lanes has ended'))
  child.on('message', (message, handle) =>
    tell(running, message as FromSpawner, handle as Socket | undefined),
  )
  child.unref()
  child.channel?.unref()
  return running
}

export const createSpawner = ({ patienceMs = 5_000 }: SpawnerOptions = {}): Spawner => {
  let running: Running | null = null
  let last = 0
  const lost = (one: Running): void => {
    if (running === one) running = null
  }
  return {
    spawn(asked, to) {
      running ??= start(lost)
      const { child, listeners } = running
      const id = ++last
      const say = (message: ToSpawner): void => {
        // Whoever cannot be told has ended, which is heard of elsewhere.
        if (child.connected) child.send(message, () => {})
      }
      const ended = new Promise<SpawnEnd>((resolve) => {
        listeners.set(id, { ...to, ended: resolve })
      })
      const giveUp = (): void => {
        if (listeners.has(id)) child.kill('SIGKILL')
      }
      say({ is: 'spawn', id, asked })
      return {
        ended,
        kill() {
          say({ is: 'kill', id })
          setTimeout(giveUp, patienceMs).unref()
        },
      }
    },
    close() {
      if (running?.child.connected) running.child.disconnect()
    },
  }
}

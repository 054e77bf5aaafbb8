/**
 * Children under supervision: what ends by itself comes back, after a longer and longer pause, on
 * the port it had. They end with this process, however it ends.
 */
import { join } from 'node:path'
import { type LaunchOptions, launch, type Program, type Running } from './launch.ts'
import { createLogTail } from './log-tail.ts'
import { forgetGroup, groupGone, reapGroup, signalGroup } from './process-group.ts'

export interface ChildOptions {
  /** Names the child in errors, and its pid file. */
  readonly name: string
  readonly program: Program
  /** Where the pid file goes. One directory, one child of this name. */
  readonly dir: string
  /** 0, the default, for one that the kernel gives. */
  readonly port?: number
  /** How long it may take to be ready, in ms; default 30 s. */
  readonly patience?: number
  /** How long it may take to end when asked to, in ms; default 3 s. Then it is killed. */
  readonly grace?: number
}

export interface Child {
  readonly port: number
  /** Of the process, or of the shell that guards it; null while it is down. */
  readonly pid: () => number | null
  /** How often it ended by itself. */
  readonly falls: () => number
  /** What it wrote last, both streams, at most 64 KiB. */
  readonly log: () => string
  /** Resolves when it is ready again on the same port. Rejects when it does not start. */
  restart(): Promise<void>
  /** Ends it as `kill -9` would. It stays down until `restart`. */
  kill(): Promise<void>
  /** Asks it to end, kills it after its grace, and removes its pid file. */
  close(): Promise<void>
}

const usualGrace = 3000
const firstPause = 100
const longestPause = 5000
/** Who has run for so long begins with the shortest pause again. */
const steadyAfter = 10_000

/** @param grace ms before it is killed; 0: at once */
const endGroup = async (running: Running | null, grace: number): Promise<void> => {
  if (running === null) return
  if (grace > 0) {
    signalGroup(running.pid, 'SIGTERM')
    if (await groupGone(running.pid, grace)) return
  }
  signalGroup(running.pid, 'SIGKILL')
  await groupGone(running.pid, usualGrace)
}

/** Runs one after the other what would otherwise start or end the same process twice. */
const createTurns = (): ((turn: () => Promise<void>) => Promise<void>) => {
  let last: Promise<void> = Promise.resolve()
  return (turn) => {
    const mine = last.then(turn)
    last = mine.catch(() => undefined)
    return mine
  }
}

const toLaunchOptions = (options: ChildOptions): LaunchOptions => ({
  name: options.name,
  program: options.program,
  pidFile: join(options.dir, `${options.name}.pid`),
  log: createLogTail(),
  patience: options.patience ?? 30_000,
})

/** Starts a child and keeps it up. Rejects with its last words when it does not become ready. */
export const startChild = async (options: ChildOptions): Promise<Child> => {
  const how = toLaunchOptions(options)
  const takeTurn = createTurns()
  let running: Running | null = null
  let wanted = true
  let falls = 0
  let pause = firstPause
  let timer: NodeJS.Timeout | undefined

  const raise = async (port: number): Promise<Running> => {
    const begun = await launch(how, port)
    const since = performance.now()
    running = begun
    void begun.ended.then(() => {
      if (running !== begun) return
      running = null
      falls += 1
      if (performance.now() - since > steadyAfter) pause = firstPause
      comeBack(begun.port)
    })
    return begun
  }
  const comeBack = (port: number): void => {
    if (!wanted) return
    timer = setTimeout(() => {
      takeTurn(async () => {
        if (wanted && running === null) await raise(port)
      }).catch(() => comeBack(port))
    }, pause)
    pause = Math.min(pause * 2, longestPause)
  }
  const bringDown = async (grace: number = options.grace ?? usualGrace): Promise<void> => {
    wanted = false
    clearTimeout(timer)
    const falling = running
    running = null
    await endGroup(falling, grace)
  }

  await reapGroup(how.pidFile)
  const { port } = await raise(options.port ?? 0)
  return {
    port,
    pid: () => running?.pid ?? null,
    falls: () => falls,
    log: how.log.text,
    restart: () =>
      takeTurn(async () => {
        await bringDown()
        wanted = true
        await raise(port)
      }),
    kill: () => takeTurn(() => bringDown(0)),
    close: () =>
      takeTurn(async () => {
        await bringDown()
        forgetGroup(how.pidFile)
      }),
  }
}

/** Starts one process and waits until it serves. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { createLogTail, type LogTail } from './log-tail.ts'
import { groupGone, guarded, rememberGroup, signalGroup } from './process-group.ts'

/** How a process is started on a port (0: any), and how it says that it is ready. */
export type Program =
  | {
      /** A module of this build; it sends `{ ready: true, port }`, and leaves on `disconnect`. */
      readonly module: URL
      readonly execArgv?: readonly string[]
      /** Environment beside that of this process; PORT is added. */
      readonly env: Readonly<Record<string, string>>
    }
  | {
      readonly command: (port: number) => readonly string[]
      /** Finds, in a line of its output, the port as first group. */
      readonly ready: RegExp
      readonly env: Readonly<Record<string, string>>
      readonly cwd?: string
    }

export interface LaunchOptions {
  readonly name: string
  readonly program: Program
  readonly pidFile: string
  readonly log: LogTail
  /** How long it may take to be ready, in ms. */
  readonly patience: number
}

export interface Running {
  readonly pid: number
  readonly port: number
  /** Settles when the process has ended. Never rejects. */
  readonly ended: Promise<string>
}

const start = (program: Program, port: number): ChildProcess => {
  if ('module' in program) {
    const env = { ...process.env, ...program.env, PORT: String(port) }
    const execArgv = [...(program.execArgv ?? [])]
    return fork(program.module, { env, execArgv, silent: true, detached: true })
  }
  const [file = '', ...args] = guarded(program.command(port))
  const env = { ...process.env, ...program.env }
  const where = program.cwd === undefined ? {} : { cwd: program.cwd }
  return spawn(file, args, { env, detached: true, stdio: 'pipe', ...where })
}

const hears = (message: unknown): number | null =>
  typeof message === 'object' && message !== null && 'port' in message ? Number(message.port) : null

/** The port, once the process has announced it. Never settles when it does not. */
const announced = (child: ChildProcess, program: Program): Promise<number> =>
  new Promise((resolve) => {
    if ('module' in program) {
      child.on('message', (message) => {
        const port = hears(message)
        if (port !== null) resolve(port)
      })
      return
    }
    const seen = createLogTail(8192)
    const look = (chunk: Buffer): void => {
      seen.add(chunk)
      const port = program.ready.exec(seen.text())?.[1]
      if (port !== undefined) resolve(Number(port))
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
  })

const outcome = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `it exited with ${code}` : `it was ended by ${signal}`)
    })
  })

/** Rejects, with the last words of the process, when it ends or takes too long before it is ready. */
export const launch = async (options: LaunchOptions, port: number): Promise<Running> => {
  const { name, program, pidFile, log, patience } = options
  const child = start(program, port)
  child.stdout?.on('data', log.add)
  child.stderr?.on('data', log.add)
  const ended = outcome(child)
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} did not start: ${await ended}`)
  rememberGroup(pidFile, pid)

  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it was not ready after ${patience} ms`), patience)
  })
  const first = await Promise.race([announced(child, program), ended, late])
  clearTimeout(timer)
  if (typeof first === 'number') return { pid, port: first, ended }
  signalGroup(pid, 'SIGKILL')
  await groupGone(pid, 1000)
  throw new Error(`${name} did not start: ${first}\n${log.text()}`)
}

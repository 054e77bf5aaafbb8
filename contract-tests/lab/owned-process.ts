/**
 * Native servers that belong to one run: each in a process group of its own, noted in a pid file,
 * so that whoever starts in the same directory next can end what a killed run left behind.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

export interface OwnedProcessOptions {
  readonly command: string
  readonly args: readonly string[]
  /** What the process's command line must contain to be taken for ours after a crash. */
  readonly mark: string
  readonly pidFile: string
  readonly logFile: string
  /** Matches the output that says: ready. */
  readonly ready: RegExp
  readonly readyTimeoutMs: number
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

export interface OwnedProcess {
  readonly pid: number
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>
  /** Asks the group to end, insists after ten seconds, and removes the pid file. */
  stop(): Promise<void>
  /** Ends the group without its leave, as a crash would. */
  kill(): Promise<void>
}

interface PidNote {
  readonly pid: number
  readonly owner: number
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const commandLine = (pid: number): string => {
  try {
    if (existsSync('/proc/self')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal)
  } catch {
    // The group has ended already.
  }
}

const readNote = (pidFile: string): PidNote | null => {
  if (!existsSync(pidFile)) return null
  const [pid, owner] = readFileSync(pidFile, 'utf8').split('\n').map(Number)
  return pid !== undefined && owner !== undefined && pid > 1 ? { pid, owner } : null
}

/**
 * Ends what a killed run left behind, if a pid file names it and its command line bears the mark.
 * Throws when the run that owns it still lives: the directory is in use.
 */
export const reap = async (pidFile: string, mark: string): Promise<void> => {
  const note = readNote(pidFile)
  if (note !== null && commandLine(note.pid).includes(mark)) {
    if (note.owner !== process.pid && isAlive(note.owner)) {
      throw new Error(
        `process ${note.owner} is using this directory (${pidFile}): ` +
          'end it, or start in another directory',
      )
    }
    signalGroup(note.pid, 'SIGKILL')
    while (commandLine(note.pid).includes(mark)) await pause(10)
  }
  rmSync(pidFile, { force: true })
}

const untilReady = (child: ChildProcess, options: OwnedProcessOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    let output = ''
    const fail = (why: string): void => {
      clearTimeout(timer)
      reject(new Error(`${options.command} ${why}. It said:\n${output.slice(-2000)}`))
    }
    const timer = setTimeout(
      () => fail(`was not ready after ${options.readyTimeoutMs} ms`),
      options.readyTimeoutMs,
    )
    const listen = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
      if (!options.ready.test(output)) return
      clearTimeout(timer)
      child.stdout?.off('data', listen)
      child.stderr?.off('data', listen)
      resolve()
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('error', (error) => fail(`did not start: ${error.message}`))
    child.once('close', (code, signal) => fail(`ended before it was ready (${signal ?? code})`))
  })

/** Reaps, starts, and resolves once the process is ready. Rejects with its last words. */
export const startOwnedProcess = async (options: OwnedProcessOptions): Promise<OwnedProcess> => {
  const { command, args, mark, pidFile, logFile, cwd, env } = options
  await reap(pidFile, mark)
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  })
  const ended = once(child, 'close').then(
    () => rmSync(pidFile, { force: true }),
    () => {},
  )
  const log = createWriteStream(logFile, { flags: 'a' })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  void ended.then(() => log.end())
  const pid = child.pid ?? 0
  if (pid > 0) writeFileSync(pidFile, `${pid}\n${process.pid}\n`)
  const kill = async (): Promise<void> => {
    if (pid > 0) signalGroup(pid, 'SIGKILL')
    await ended
  }
  const stop = async (): Promise<void> => {
    const insist = setTimeout(() => signalGroup(pid, 'SIGKILL'), 10_000)
    signalGroup(pid, 'SIGTERM')
    await ended
    clearTimeout(insist)
  }
  try {
    await untilReady(child, options)
  } catch (error) {
    await kill()
    throw error
  }
  return { pid, ended, stop, kill }
}

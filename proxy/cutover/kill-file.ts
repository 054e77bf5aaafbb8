/** The file behind the kills. What goes wrong with it is logged and never in anybody's way. */
import { readFileSync, renameSync } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Log } from '../telemetry/log.ts'
import { isKillScope, type Kill } from './kill.ts'

export interface KillFile {
  /** Empty where there is no file. One that makes no sense is moved aside, for people to look at. */
  read(): readonly Kill[]
  /** Whether these kills are on disk now. Writes follow one another; each replaces the file whole. */
  write(kills: readonly Kill[]): Promise<boolean>
}

const isKill = (value: unknown): value is Kill => {
  const { scope, reason, sinceMs, untilMs } = (value ?? {}) as Partial<Kill>
  return (
    typeof scope === 'string' &&
    isKillScope(scope) &&
    typeof reason === 'string' &&
    Number.isFinite(sinceMs) &&
    Number.isFinite(untilMs)
  )
}

/** @throws SyntaxError on anything but what `write` writes */
const parse = (text: string): readonly Kill[] => {
  const { kills } = (JSON.parse(text) ?? {}) as { kills?: unknown }
  if (!Array.isArray(kills) || !kills.every(isKill)) throw new SyntaxError('no list of kills')
  return kills
}

const sync = async (path: string, flags: string, text: string | null): Promise<void> => {
  const handle = await open(path, flags, 0o600)
  try {
    if (text !== null) await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Whole or not at all, even when the power goes: the name moves once the bytes are down. */
const replace = async (file: string, text: string): Promise<void> => {
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  await sync(`${file}.next`, 'w', text)
  await rename(`${file}.next`, file)
  await sync(folder, 'r', null).catch(() => undefined) // not every system can
}

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

export const createKillFile = (file: string, log: Pick<Log, 'error'>): KillFile => {
  let last: Promise<unknown> = Promise.resolve()

  const moveAside = (): string | null => {
    const aside = `${file}.corrupt`
    try {
      renameSync(file, aside)
      return aside
    } catch {
      return null
    }
  }
  const writeNext = async (kills: readonly Kill[]): Promise<boolean> => {
    try {
      await replace(file, `${JSON.stringify({ kills }, null, 2)}\n`)
      return true
    } catch (err) {
      log.error('kills_not_saved', { file, err })
      return false
    }
  }
  return {
    read() {
      try {
        return parse(readFileSync(file, 'utf8'))
      } catch (err) {
        if (!isAbsent(err)) log.error('kills_unreadable', { file, movedTo: moveAside(), err })
        return []
      }
    },
    write(kills) {
      const written = last.then(() => writeNext(kills))
      last = written
      return written
    },
  }
}

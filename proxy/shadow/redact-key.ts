/** The key of the tokens: one for each instance, in its state directory, never in a database. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Log } from '../telemetry/log.ts'

const keyLength = 32

/** The key that is there; null: there is none. @throws Error where it cannot be read */
export const readKey = (file: string): Uint8Array | null => {
  try {
    const key = readFileSync(file)
    if (key.length === keyLength) return key
    throw new Error(`${file} is not a key of ${keyLength} bytes: move it away`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const makeKey = (file: string): Uint8Array => {
  const key = randomBytes(keyLength)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, key, { mode: 0o600, flag: 'wx' })
  return key
}

/**
 * The key of this instance, made where there is none yet. Where the disk refuses, a key of this
 * process alone, which is logged. Never throws.
 */
export const openRedactKey = (file: string, log: Pick<Log, 'warn'>): Uint8Array => {
  try {
    return readKey(file) ?? makeKey(file)
  } catch (error) {
    log.warn('redact_key_not_kept', { file, err: error })
    return randomBytes(keyLength)
  }
}

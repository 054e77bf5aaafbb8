/** Runs in a worker thread of `loadConfig`: YAML with positions takes seconds for large files. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { Diagnostic } from './diagnostics.ts'
import { parseConfig } from './parse.ts'
import type { StableOptions } from './read-stable.ts'
import { type Pieces, serializeConfig } from './serialized.ts'
import { readSources } from './sources.ts'
import type { Environment } from './variables.ts'

/** What the worker is told. */
export interface LoadTask {
  readonly path: string
  readonly env: Environment
  readonly adapters: readonly string[] | null
  readonly stable: StableOptions
}

/** What the worker answers. */
export interface LoadAnswer {
  readonly pieces: Pieces | null
  readonly diagnostics: readonly Diagnostic[]
  readonly files: readonly string[]
  readonly directories: readonly string[]
  readonly hash: string
}

const read = (path: string): string => readFileSync(path, 'utf8')

const load = async ({ path, env, adapters, stable }: LoadTask): Promise<LoadAnswer> => {
  const { sources, files, directories, hash, diagnostics } = await readSources(path, stable)
  const [main, ...included] = sources
  if (main === undefined) return { pieces: null, diagnostics, files, directories, hash }
  const directory = dirname(resolve(path))
  const today = new Date().toISOString().slice(0, 10)
  const options = { directory, env, adapters, exists: existsSync, read, today }
  const parsed = parseConfig([main, ...included], options)
  const isRead = diagnostics.every(({ severity }) => severity === 'warning')
  const config = isRead ? parsed.config : null
  return {
    pieces: config === null ? null : serializeConfig(config),
    diagnostics: [...diagnostics, ...parsed.diagnostics],
    files,
    directories,
    hash,
  }
}

const port = parentPort
if (port !== null) {
  const answer = await load(workerData as LoadTask)
  const buffers = (answer.pieces ?? []).map(({ buffer }) => buffer as ArrayBuffer)
  port.postMessage(answer, [...new Set(buffers)])
}

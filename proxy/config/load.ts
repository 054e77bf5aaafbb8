/** From a path to a config in force: files read, parsed and checked away from the serving thread. */
import { once } from 'node:events'
import { dirname, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Config } from './config.ts'
import { type Diagnostic, diagnostic, fault, wholeFile } from './diagnostics.ts'
import type { LoadAnswer, LoadTask } from './load-worker.ts'
import type { StableOptions } from './read-stable.ts'
import { type Pieces, reviveConfig } from './serialized.ts'
import type { Environment } from './variables.ts'

export interface LoadOptions {
  /** For `${NAME}`. */
  readonly env: Environment
  /** Names of the legacy adapters; null: not checked. */
  readonly adapters: readonly string[] | null
  readonly stable?: StableOptions
  /** The worker's code; replaced only where its failure is the thing to see. */
  readonly worker?: URL
}

export interface Loaded {
  /** Deep-frozen; null when there is an error among the diagnostics. */
  readonly config: Config | null
  readonly diagnostics: readonly Diagnostic[]
  /** Absolute paths of the files read, and of the directories in which changes matter. */
  readonly files: readonly string[]
  readonly directories: readonly string[]
  /** `hashTexts` of the files; empty when the loader failed. */
  readonly hash: string
  /** The config as it goes to disk; null with `config`. */
  readonly pieces: Pieces | null
}

const failed = (path: string, why: string): LoadAnswer => {
  const hint = 'the running config stays in force; if this repeats, restart and report it'
  const what = fault('loaderFailed', `the loader thread failed: ${why}`, hint)
  const diagnostics = [diagnostic(what, wholeFile(path))]
  const file = resolve(path)
  return { pieces: null, diagnostics, files: [file], directories: [dirname(file)], hash: '' }
}

const runWorker = async (task: LoadTask, code: URL): Promise<LoadAnswer> => {
  const worker = new Worker(code, { workerData: task })
  const ended = new AbortController()
  try {
    const exited = once(worker, 'exit', { signal: ended.signal }).then(([status]) =>
      failed(task.path, `it ended with ${status} before it answered`),
    )
    const answered = once(worker, 'message', { signal: ended.signal }).then(
      ([answer]) => answer as LoadAnswer,
    )
    return await Promise.race([answered, exited])
  } finally {
    ended.abort()
    await worker.terminate()
  }
}

/**
 * Reads the config at `path` with all that it includes. Never rejects: whatever goes wrong, with
 * the files or with the loader itself, is a diagnostic.
 */
export const loadConfig = async (path: string, options: LoadOptions): Promise<Loaded> => {
  const { env, adapters, stable = {}, worker } = options
  const code = worker ?? new URL('./load-worker.js', import.meta.url)
  // A copy: process.env itself cannot be sent to a thread.
  const task = { path, env: { ...env }, adapters, stable }
  const { pieces, ...rest } = await runWorker(task, code).catch((error: unknown) =>
    failed(path, error instanceof Error ? error.message : String(error)),
  )
  return { ...rest, pieces, config: pieces === null ? null : await reviveConfig(pieces) }
}

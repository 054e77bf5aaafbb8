/** One reload after the other: loads, and puts a good config in force; a bad one changes nothing. */
import type { Config } from './config.ts'
import { type Diagnostic, diagnostic, fault, wholeFile } from './diagnostics.ts'
import { writeLastGood } from './last-good.ts'
import type { Loaded } from './load.ts'
import { processChanges, withProcessOf } from './process-changes.ts'

/** Every way a reload can end. Metric label as it stands. */
export const reloadResults = ['applied', 'unchanged', 'rejected'] as const
export type ReloadResult = (typeof reloadResults)[number]

export interface Rejected {
  /** Milliseconds of `now`. */
  readonly at: number
  readonly diagnostics: readonly Diagnostic[]
}

export interface ReloaderOptions {
  /** Of the main file. */
  readonly path: string
  /** What is in force at first; its process part stays until a restart. */
  readonly running: Config
  /** What the first load gave: where to look for changes, and whether it was rejected. */
  readonly loaded: Loaded
  /** Never rejects. */
  readonly load: () => Promise<Loaded>
  /** Puts a config in force, at once and whole; throws to keep the running one. */
  readonly apply: (config: Config) => void | Promise<void>
  readonly onApplied?: (config: Config) => void
  readonly onRejected?: (diagnostics: readonly Diagnostic[]) => void
  /** The files ask for process keys that only a restart brings into force; once for each such list. */
  readonly onNeedsRestart?: (paths: readonly string[]) => void
  /** Something beside the reload itself failed: a watch, the writing of last-good.json. */
  readonly onTrouble?: (error: unknown) => void
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** What a process knows of its config. */
export interface ReloadState {
  readonly running: Config
  /** Milliseconds of `now` at which `running` was put in force. */
  readonly appliedAt: number
  /** Why what stands in the files is not in force; null: it is. */
  readonly rejected: Rejected | null
  /** Process keys in which the files differ from what runs, such as `listen.port`. */
  readonly needsRestart: readonly string[]
  readonly counts: Readonly<Record<ReloadResult, number>>
}

export interface Reloader {
  /** Loads now, changed or not. Never rejects; never called while one is under way. */
  attempt(): Promise<ReloadResult>
  state(): ReloadState
  /** The last load that could look at its files at all. */
  loaded(): Loaded
  /** Writes last-good.json for what `loaded` gave, if it was good. Never rejects. */
  save(): Promise<void>
}

const notApplied = (path: string, error: unknown): Diagnostic => {
  const why = error instanceof Error ? error.message : String(error)
  return diagnostic(fault('notApplied', why, 'the running config stays in force'), wholeFile(path))
}

export const createReloader = (options: ReloaderOptions): Reloader => {
  const { path, running, load, apply, now = Date.now } = options
  const { onApplied = () => {}, onRejected = () => {}, onTrouble = () => {} } = options
  const { onNeedsRestart = () => {} } = options
  const isRejected = options.loaded.config === null
  let loaded = options.loaded
  let state: ReloadState = {
    running,
    appliedAt: now(),
    rejected: isRejected ? { at: now(), diagnostics: loaded.diagnostics } : null,
    needsRestart: [],
    counts: { applied: 0, unchanged: 0, rejected: 0 },
  }

  const save = async (): Promise<void> => {
    const { config, pieces } = loaded
    if (config === null || pieces === null) return
    await writeLastGood(state.running.stateDir, pieces).catch(onTrouble)
  }
  const reject = (diagnostics: readonly Diagnostic[]): ReloadResult => {
    state = { ...state, rejected: { at: now(), diagnostics } }
    onRejected(diagnostics)
    return 'rejected'
  }
  const noteRestart = (needsRestart: readonly string[]): void => {
    const isNew = needsRestart.join() !== state.needsRestart.join()
    state = { ...state, needsRestart }
    if (isNew && needsRestart.length > 0) onNeedsRestart(needsRestart)
  }
  const accept = async (config: Config): Promise<ReloadResult> => {
    const wanted = withProcessOf(running, config)
    const changed = wanted.revision !== state.running.revision
    try {
      if (changed) await apply(wanted)
    } catch (error) {
      return reject([notApplied(path, error)])
    }
    state = { ...state, rejected: null }
    noteRestart(processChanges(running, config))
    if (!changed) return 'unchanged'
    state = { ...state, running: wanted, appliedAt: now() }
    onApplied(wanted)
    await save()
    return 'applied'
  }
  return {
    attempt: async () => {
      const next = await load()
      // A loader that failed has seen no files; the old ones are watched on.
      if (next.hash !== '') loaded = next
      const result = next.config === null ? reject(next.diagnostics) : await accept(next.config)
      state = { ...state, counts: { ...state.counts, [result]: state.counts[result] + 1 } }
      return result
    },
    state: () => state,
    loaded: () => loaded,
    save,
  }
}

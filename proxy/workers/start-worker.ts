/** One worker as the primary process sees it. The only file that forks. */
import cluster from 'node:cluster'
import { fileURLToPath } from 'node:url'
import { closeLostConnections } from './lost-connections.ts'
import type { ToPrimary, ToWorker, WorkerPlace } from './messages.ts'

export type WorkerState = 'starting' | 'ready' | 'draining'

/** Why a worker could not begin to serve. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure'
  readonly isOfSystem: boolean

  constructor(message: string, isOfSystem: boolean) {
    super(message)
    this.isOfSystem = isOfSystem
  }
}

export interface WorkerProcess {
  readonly pid: number
  state(): WorkerState
  /** Milliseconds since 1970. */
  readonly sinceMs: number
  /** Revision that it was told last; null: none yet. */
  revision(): string | null
  /** Null until it is ready. */
  place(): WorkerPlace | null
  /** @throws WorkerFailure, rejected with, when it ends before */
  readonly ready: Promise<WorkerPlace>
  /** Resolves once the process is gone. */
  readonly ended: Promise<void>
  /** Resolves to why it does not serve this config; null: it does, or is gone. */
  take(config: SentConfig): Promise<string | null>
  tell(message: ToWorker): void
  drain(): void
  kill(): void
}

/** A config on its way to workers. */
export interface SentConfig {
  readonly revision: string
  readonly pieces: Extract<ToWorker, { kind: 'config' }>['pieces']
}

export interface WorkerEvents {
  /** What a worker is told first, when it hears. */
  readonly begin: () => { readonly config: SentConfig; readonly message: ToWorker }
  /** It leaves of itself: another one is needed. */
  readonly onLeaving: () => void
  /** The last page of its metrics. */
  readonly onPage: (text: string) => void
}

/** A worker that has not answered for so long is taken for dead. */
const answerMs = 30_000

/** Once for a process, before the first worker. */
export const prepareWorkers = (): void =>
  cluster.setupPrimary({
    exec: fileURLToPath(new URL('./worker-process.js', import.meta.url)),
    args: [],
    serialization: 'advanced',
  })

const startProcess = () => {
  const worker = cluster.fork()
  closeLostConnections(worker.process)
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  // A channel that closes while something is written to it; `ended` tells the same.
  worker.on('error', () => {})
  return {
    pid: worker.process.pid ?? 0,
    ended,
    hear: (act: (message: ToPrimary) => void) => void worker.on('message', act),
    send: (message: ToWorker): void => {
      if (worker.isConnected()) worker.send(message, () => {})
    },
    kill: () => void worker.process.kill('SIGKILL'),
  }
}

export const startWorker = ({ begin, onLeaving, onPage }: WorkerEvents): WorkerProcess => {
  const { pid, ended, hear, send, kill } = startProcess()
  let state: WorkerState = 'starting'
  let place: WorkerPlace | null = null
  let revision: string | null = null
  let answered: (problem: string | null) => void = () => {}
  const ready = new Promise<WorkerPlace>((resolve, reject) => {
    const acts: { [Kind in ToPrimary['kind']]: (message: ToPrimary & { kind: Kind }) => void } = {
      here() {
        const { config, message } = begin()
        revision = config.revision
        send(message)
      },
      ready(message) {
        place = message.place
        state = 'ready'
        resolve(message.place)
      },
      failed: ({ message, isOfSystem }) => reject(new WorkerFailure(message, isOfSystem)),
      taken: ({ problem }) => answered(problem),
      leaving() {
        state = 'draining'
        onLeaving()
      },
      page: ({ text }) => onPage(text),
    }
    hear((message) => (acts[message.kind] as ((each: ToPrimary) => void) | undefined)?.(message))
    void ended.then(() => reject(new WorkerFailure('a worker ended before it was ready', false)))
  })
  // Whoever waits for it hears of it.
  ready.catch(() => {})
  let turn: Promise<unknown> = Promise.resolve()
  const ask = async (config: SentConfig): Promise<string | null> => {
    const late = setTimeout(kill, answerMs)
    const answer = new Promise<string | null>((resolve) => {
      answered = resolve
    })
    revision = config.revision
    send({ kind: 'config', pieces: config.pieces })
    const problem = await Promise.race([answer, ended.then(() => null)])
    clearTimeout(late)
    return problem
  }
  return {
    ...{ pid, ready, ended, kill, sinceMs: Date.now(), tell: send },
    state: () => state,
    revision: () => revision,
    place: () => place,
    take(config) {
      const mine = turn.then(() => ask(config))
      turn = mine
      return mine
    },
    drain() {
      state = 'draining'
      send({ kind: 'drain' })
    },
  }
}

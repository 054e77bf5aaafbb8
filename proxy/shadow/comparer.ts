/** The thread that compares: one task at a time, and another thread when one overruns. */
import { Worker } from 'node:worker_threads'
import type { Log } from '../telemetry/log.ts'
import type {
  CompareResult,
  CompareSetup,
  CompareTask,
  FromComparer,
  RecordResult,
  ToComparer,
} from './compare-task.ts'

/** Why there is no result: the thread was too slow, or it died. */
export type ComparerFault = 'compare_timeout' | 'compare_failed'

export interface Comparer {
  /** Never rejects. */
  compare(task: CompareTask): Promise<CompareResult | ComparerFault>
  /** Makes a line of a recording of an exchange, redacted. Never rejects. */
  record(task: Extract<ToComparer, { is: 'record' }>['task']): Promise<RecordResult | ComparerFault>
  /** Tasks that are not done. */
  waiting(): number
  /** What is not done fails. Never rejects. */
  close(): Promise<void>
}

export interface ComparerOptions extends CompareSetup {
  /** How long one comparison may take. */
  readonly deadlineMs: number
  readonly heapMb: number
  readonly log: Pick<Log, 'warn'>
  /** The file that the thread runs; default: the one beside this. */
  readonly script?: URL
}

type Result = CompareResult | RecordResult | ComparerFault

interface Job {
  readonly asked: ToComparer
  readonly resolve: (result: Result) => void
}

/** One thread, as long as it lasts. */
interface Thread {
  /** False while it loads. */
  isReady: boolean
  post(asked: ToComparer): void
  end(): Promise<void>
}

/** Loading the modules may take long where all cores are busy. */
const startMs = 20_000

/** A thread that cannot start must not be started a thousand times a second. */
const restMs = 500

interface ThreadListener {
  ready(): void
  done(result: Result): void
  /** It is of no more use. */
  lost(error: unknown): void
}

const startThread = (options: ComparerOptions, to: ThreadListener): Thread => {
  const { key, names, level, heapMb, script } = options
  const url = script ?? new URL('./compare-worker.js', import.meta.url)
  const workerData: CompareSetup = { key, names, level }
  const resourceLimits = { maxOldGenerationSizeMb: heapMb }
  const worker = new Worker(url, { workerData, resourceLimits, name: 'banyan-compare' })
  worker.unref()
  worker.on('error', to.lost)
  worker.on('messageerror', to.lost)
  worker.on('exit', (code) => to.lost(new Error(`the thread ended with ${code}`)))
  const thread: Thread = {
    isReady: false,
    post: (asked) => worker.postMessage(asked),
    async end() {
      worker.removeAllListeners()
      worker.on('error', () => {})
      await worker.terminate()
    },
  }
  worker.on('message', (message: FromComparer) => {
    if (message.is === 'done') {
      to.done(message.result)
      return
    }
    thread.isReady = true
    to.ready()
  })
  return thread
}

/** What a task may take, and how long a lost thread is not followed by another one. */
const createClock = (to: { late(): void; rested(): void }) => {
  let timer: NodeJS.Timeout | undefined
  let isResting = false
  return {
    isResting: () => isResting,
    stop: () => clearTimeout(timer),
    allow(ms: number): void {
      clearTimeout(timer)
      timer = setTimeout(to.late, ms)
      timer.unref()
    },
    rest(): void {
      isResting = true
      const wake = (): void => {
        isResting = false
        to.rested()
      }
      setTimeout(wake, restMs).unref()
    },
  }
}

export const createComparer = (options: ComparerOptions): Comparer => {
  const waiting: Job[] = []
  let current: Job | null = null
  let thread: Thread | null = null
  let isClosed = false

  const finish = (result: Result): void => {
    clock.stop()
    const done = current
    current = null
    done?.resolve(result)
    next()
  }
  const drop = (fault: ComparerFault, error: unknown): void => {
    void thread?.end()
    thread = null
    clock.rest()
    options.log.warn('comparer_lost', { why: fault, err: error })
    finish(fault)
  }
  const post = (): void => {
    if (current === null) return
    try {
      thread?.post(current.asked)
      clock.allow(options.deadlineMs)
    } catch (error) {
      drop('compare_failed', error)
    }
  }
  const next = (): void => {
    if (current !== null || clock.isResting() || isClosed) return
    current = waiting.shift() ?? null
    if (current === null) return
    if (thread !== null) {
      if (thread.isReady) post()
      return
    }
    const lost = (error: unknown): void => drop('compare_failed', error)
    thread = startThread(options, { ready: post, done: finish, lost })
    clock.allow(startMs)
  }
  const clock = createClock({ late: () => drop('compare_timeout', null), rested: next })
  /** Each kind of task has a result of its own. */
  const run = <R extends Result>(asked: ToComparer): Promise<R | ComparerFault> =>
    new Promise((resolve) => {
      waiting.push({ asked, resolve: resolve as Job['resolve'] })
      if (isClosed) resolve('compare_failed')
      else next()
    })
  return {
    compare: (task) => run<CompareResult>({ is: 'compare', task }),
    record: (task) => run<RecordResult>({ is: 'record', task }),
    waiting: () => waiting.length + (current === null ? 0 : 1),
    async close() {
      isClosed = true
      clock.stop()
      const left = current === null ? waiting : [current, ...waiting]
      for (const { resolve } of left.splice(0)) resolve('compare_failed')
      await thread?.end()
    },
  }
}
